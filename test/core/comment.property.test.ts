import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commentMarker, renderComment } from "../../src/core/comment.ts";
import type { FailureCode } from "../../src/core/failure.ts";
import { inlineCode, plainLine } from "../../src/core/plain-text.ts";
import type { Task } from "../../src/core/task.ts";
import { readMarkdown } from "./markdown.ts";
import { ADMITTED, ASKED, LINKED, STARTED, taskWith } from "./task.ts";

const GITHUB = "https://github.com";

/** Words with which somebody might break out of where they are shown. */
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

const anyTask = fc
  .record({
    branch: visible,
    sessionRepository: maybe,
    sessionBranch: maybe,
    failureCode: fc.option(code),
    failureDetail: maybe,
    linkUrl: url,
    denial: fc.constantFrom(null, null, null, "fork", "no_permission"),
    started: fc.constantFrom<Partial<Task>>(ADMITTED, ASKED, STARTED, LINKED),
  })
  .map(({ started, ...fields }) => taskWith({ ...started, ...fields }));

describe("any comment", () => {
  test("begins with the marker, is short enough for GitHub, and says who asked", () => {
    fc.assert(
      fc.property(anyTask, (task) => {
        const comment = renderComment(task, GITHUB);
        expect(comment.startsWith(`${commentMarker(task.id)}\n`)).toBe(true);
        expect(comment.length).toBeLessThan(65_536);
        expect(comment).toContain("Asked by [octocat](https://github.com/octocat)");
        expect(comment).not.toMatch(/undefined|null|NaN/u);
      }),
    );
  });

  test("is short enough however much was written", () => {
    const much = "`<x> ".repeat(100_000);
    const loud = { branch: much, sessionRepository: much, sessionBranch: much };
    const failed = { failureCode: "unknown", failureDetail: much } as const;
    const linkUrl = `https://github.com/${"a".repeat(1_000)}`;
    for (const changes of [
      { ...LINKED, ...loud },
      { ...LINKED, ...loud, ...failed, linkUrl },
    ]) {
      expect(renderComment(taskWith(changes), GITHUB).length).toBeLessThan(5_000);
    }
  });

  // Whoever tells links tells short ones; a long one would make GitHub refuse the whole comment.
  test("is short enough however long the link is", () => {
    const task = taskWith({ ...LINKED, linkUrl: `https://github.com/${"a".repeat(70_000)}` });
    expect(renderComment(task, GITHUB).length).toBeLessThan(65_536);
  });

  test("holds the words of others in inline code alone", () => {
    fc.assert(
      fc.property(anyTask, (task) => {
        const { links, images, html, words } = readMarkdown(renderComment(task, GITHUB));
        expect(images).toEqual([]);
        expect(html).toEqual([commentMarker(task.id), "<sub>", "</sub>"]);
        expect(words).not.toMatch(/@|evil|alert|`|\[x\]/u);
        const elsewhere = links.filter((link) => !/^https:\/\/(?:www\.)?github/u.test(link));
        expect(elsewhere.every((link) => !link.includes("evil"))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("links the session, where it tells an address of the web", () => {
    fc.assert(
      fc.property(url, (linkUrl) => {
        const comment = renderComment(taskWith({ ...LINKED, linkUrl }), GITHUB);
        const { links } = readMarkdown(comment);
        const [, link = ""] = /\*\*\[Follow[^\]]*\]\((?<link>\S*)\)\*\*/u.exec(comment) ?? [];
        expect(links[0]).toBe(link);
        expect(decodeURI(new URL(link).href)).toBe(decodeURI(encodeMarks(new URL(linkUrl).href)));
      }),
    );
  });

  const NO_ADDRESS = ["javascript:alert(1)", "data:text/html,x", "//evil.example", "not a URL", ""];

  test.each(NO_ADDRESS)("does not lead to %j", (linkUrl) => {
    for (const failureCode of [null, "prompt_not_delivered"] as const) {
      const comment = renderComment(taskWith({ ...LINKED, failureCode, linkUrl }), GITHUB);
      expect(comment).not.toMatch(/javascript|data:|evil|not a URL/u);
    }
  });

  // `[Follow the session in Mission Control]()` is a link to the page that it is on.
  test.each([...NO_ADDRESS, null])("has no link to the session for %j", (linkUrl) => {
    for (const failureCode of [null, "prompt_not_delivered"] as const) {
      const comment = renderComment(taskWith({ ...LINKED, failureCode, linkUrl }), GITHUB);
      expect(readMarkdown(comment).links).not.toContain("");
    }
  });

  // A backtick in a query is no part of the link: it pairs with the next one.
  test("links the session, where its address has backticks", () => {
    const linkUrl = "https://github.com/copilot?a=`b";
    const task = taskWith({ ...LINKED, failureCode: "prompt_not_delivered", linkUrl });
    const { links } = readMarkdown(renderComment(task, GITHUB));
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
      { numRuns: 1_000 },
    );
  });
});

/** What would end a link in Markdown, as the comment writes it. */
function encodeMarks(href: string): string {
  return href.replaceAll("(", "%28").replaceAll(")", "%29");
}
