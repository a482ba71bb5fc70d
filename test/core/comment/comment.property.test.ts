import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GITHUB_COM } from "../../../src/core/github/hosts.ts";
import { commentMarker, renderComment } from "../../../src/core/comment/comment.ts";
import type { FailureCode } from "../../../src/core/task/failure.ts";
import { inlineCode, plainLine } from "../../../src/core/text/quote.ts";
import { readMarkdown } from "../markdown.ts";
import type { Layer } from "../task.ts";
import { ADMITTED, ASKED, LINKED, STARTED, denied, failed, over, taskWith } from "../task.ts";
import { runs } from "../../runs.ts";

/** Text with which somebody might break out of where it's shown. */
const PIECES = [
  [
    "`",
    "``",
    "```",
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "\\",
    "*",
    "_",
    "#",
    "> ",
    "- ",
    "|",
    "~~",
    "[",
    "]",
  ],
  ["<img src=x onerror=alert(1)>", "<!--", "-->", "</sub>", "<b>", "&lt;", "@octocat", "#1", "()"],
  [
    "](javascript:alert(1))",
    "![x](https://evil.example/x)",
    "[x]: https://evil.example",
    "$$",
    "a",
  ],
  [
    "https://evil.example",
    "www.evil.example",
    "\u0000",
    "\u001B[31m",
    "\u202E",
    "\u2028",
    "\uD800",
  ],
].flat();
const hostile = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((all) => all.join("")),
  fc.string({ unit: "binary", maxLength: 500 }),
);
/** Something is left of it when blanks and invisible characters are gone. */
const visible = hostile.filter((text) => plainLine(text, 100) !== "");
const maybe = fc.option(visible);

const code: fc.Arbitrary<FailureCode> = fc.constantFrom(
  "policy_blocked",
  "rate_limited",
  "start_timed_out",
  "interrupted",
  "unknown",
);
const url = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.constantFrom("https://github.com/a(b)c", "https://github.com/a)b", "https://github.com/<a>"),
);

const anyOutcome = fc.oneof(
  fc.constant(null),
  fc.record({ code, detail: maybe }).map(({ code: of, detail }) => failed(of, { detail })),
  fc.constantFrom("fork" as const, "no_permission" as const).map((reason) => denied(reason)),
);

const linkTo = (address: string | null) =>
  address === null ? null : ({ url: address, source: "session" } as const);

const anyTask = fc
  .record({
    started: fc.constantFrom<Layer>(ADMITTED, ASKED, STARTED, LINKED),
    decision: fc.record({ branch: visible }),
    session: fc.record({
      repository: maybe,
      branch: maybe,
      link: fc.record({
        url,
        source: fc.constantFrom("session" as const, "documented" as const),
      }),
    }),
    outcome: anyOutcome,
  })
  .map(({ started, ...fields }) => taskWith(started, fields));

describe("any comment", () => {
  test("begins with the marker, is short enough for GitHub, and says who asked", () => {
    fc.assert(
      fc.property(anyTask, (task) => {
        const comment = renderComment(task, GITHUB_COM);
        expect(comment.startsWith(`${commentMarker(task.id)}\n`)).toBe(true);
        expect(comment.length).toBeLessThan(65_536);
        expect(comment).toContain("Requested by [octocat](https://github.com/octocat)");
        expect(comment).not.toMatch(/undefined|null|NaN/u);
      }),
    );
  });

  test("is short enough however much was written", () => {
    const much = "`<x> ".repeat(100_000);
    const loud = { decision: { branch: much }, session: { repository: much, branch: much } };
    const broken = { outcome: failed("unknown", { detail: much }) } as const;
    const linkUrl = `https://github.com/${"a".repeat(1_000)}`;
    for (const changes of [
      over(LINKED, loud),
      over(LINKED, loud, broken, { session: { link: { url: linkUrl } } }),
    ]) {
      expect(renderComment(taskWith(changes), GITHUB_COM).length).toBeLessThan(5_000);
    }
  });

  // Sessions report short links; a long one would make GitHub refuse the whole comment.
  test("is short enough however long the link is", () => {
    const task = taskWith(
      over(LINKED, { session: { link: { url: `https://github.com/${"a".repeat(70_000)}` } } }),
    );
    expect(renderComment(task, GITHUB_COM).length).toBeLessThan(65_536);
  });

  test("holds the words of others in inline code alone", () => {
    fc.assert(
      fc.property(anyTask, (task) => {
        const { links, images, html, words } = readMarkdown(renderComment(task, GITHUB_COM));
        expect(images).toEqual([]);
        expect(html).toEqual([
          commentMarker(task.id),
          "<details><summary>Details</summary>",
          "</details>",
        ]);
        expect(words).not.toMatch(/@|evil|alert|`|\[x\]/u);
        const elsewhere = links.filter((link) => !/^https:\/\/(?:www\.)?github/u.test(link));
        expect(elsewhere.every((link) => !link.includes("evil"))).toBe(true);
      }),
      { numRuns: runs(300) },
    );
  });

  test("links the session, where it reports an address on GitHub", () => {
    const onGitHub = url.map((any) => Object.assign(new URL(any), { protocol: "https:" }));
    fc.assert(
      fc.property(onGitHub, (given) => {
        const linkUrl = `https://github.com/o${given.pathname}${given.hash}`;
        const comment = renderComment(
          taskWith(over(LINKED, { session: { link: { url: linkUrl } } })),
          GITHUB_COM,
        );
        const { links } = readMarkdown(comment);
        const [, link = ""] = /\[Open session\]\((?<link>\S*)\)/u.exec(comment) ?? [];
        expect(links[0]).toBe(link);
        expect(decodeURI(new URL(link).href)).toBe(decodeURI(encodeMarks(new URL(linkUrl).href)));
      }),
    );
  });

  test("links nothing that a session reports elsewhere", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (linkUrl) => {
        const comment = renderComment(
          taskWith(over(LINKED, { session: { link: { url: linkUrl } } })),
          GITHUB_COM,
        );
        const { links } = readMarkdown(comment);
        expect(links.filter((link) => !link.startsWith("https://github.com/"))).toEqual([]);
      }),
    );
  });

  const NO_ADDRESS = ["javascript:alert(1)", "data:text/html,x", "//evil.example", "not a URL", ""];

  test.each(NO_ADDRESS)("does not lead to %j", (linkUrl) => {
    for (const outcome of [null, failed("prompt_not_delivered")]) {
      const comment = renderComment(
        taskWith(over(LINKED, { session: { link: linkTo(linkUrl) }, outcome })),
        GITHUB_COM,
      );
      expect(comment).not.toMatch(/javascript|data:|evil|not a URL/u);
    }
  });

  // `[Open session]()` is a link to the page that it is on.
  test.each([...NO_ADDRESS, null])("has no link to the session for %j", (linkUrl) => {
    for (const outcome of [null, failed("prompt_not_delivered")]) {
      const comment = renderComment(
        taskWith(over(LINKED, { session: { link: linkTo(linkUrl) }, outcome })),
        GITHUB_COM,
      );
      expect(readMarkdown(comment).links).not.toContain("");
    }
  });

  // A backtick in a query is no part of the link: it pairs with the next one.
  test("links the session, where its address has backticks", () => {
    const linkUrl = "https://github.com/copilot?a=`b";
    const task = taskWith(
      over(LINKED, {
        session: { link: { url: linkUrl } },
        outcome: failed("prompt_not_delivered"),
      }),
    );
    const { links } = readMarkdown(renderComment(task, GITHUB_COM));
    expect(links).toContain("https://github.com/copilot?a=%60b");
  });
});

describe("inline code", () => {
  test("shows exactly the line that it was made from", () => {
    fc.assert(
      fc.property(visible, (text) => {
        const line = plainLine(text, 300);
        const { code: shown, words } = readMarkdown(`before ${inlineCode(line)} after`);
        expect(shown).toEqual([line]);
        expect(words).toBe("before \n after");
      }),
      { numRuns: runs(300) },
    );
  });
});

/** What would end a link in Markdown, as the comment writes it. */
function encodeMarks(href: string): string {
  return href.replaceAll("(", "%28").replaceAll(")", "%29");
}
