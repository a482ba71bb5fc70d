import * as fc from "fast-check";
import { parseFragment } from "parse5";
import { describe, expect, test } from "vitest";
import { pullRequestOf } from "../../../src/core/comment/pull-request.ts";
import { GITHUB_COM } from "../../../src/core/github/hosts.ts";
import type { Node } from "../../../src/core/text/element.ts";
import { isElement } from "../../../src/core/text/element.ts";
import { cmarkGfmOfEach, hasCmarkGfm } from "../../cmark-gfm.ts";
import { runs } from "../../runs.ts";
import type { Layer } from "../task.ts";
import { COMMANDED, LINK, LINKED, over, taskWith } from "../task.ts";

const FIX: Layer = { decision: { kind: "fix" } };

const textOf = (layer: Layer, title = "It breaks on Mondays", hosts = GITHUB_COM) =>
  pullRequestOf(taskWith(layer), title, hosts);

const titled = (title: string) => textOf(FIX, title).title;

/** What the agent said last. */
const saying = (said: string) => over(FIX, { session: { progress: { said } } });

describe("a pull request", () => {
  test("of a fix closes its issue", () => {
    const hosts = { ...GITHUB_COM, publicUrl: "https://bot.example.com" };
    const said =
      "I fixed it in [a file](https://github.com/octo-org/hello/blob/main/a.ts).\n\n- Done";
    const { title, body } = textOf(over(LINKED, saying(said)), undefined, hosts);
    expect(title).toBe("Fix #7: It breaks on Mondays");
    expect(body).toBe(`Fixes #7

[octocat](https://github.com/octocat) asked for this in [issue #7](https://github.com/octo-org/hello/issues/7) with the task \`fix\`. Copilot wrote these commits in a session on the bot administrator's own machine. Review them before you mark this pull request as ready.

[Open session](${LINK}) · [Open task](https://bot.example.com/tasks/0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11)

<details><summary>What Copilot said</summary>

> I fixed it in [a file](https://github.com/octo-org/hello/blob/main/a.ts).
>
> - Done

</details>

Task \`0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11\``);
  });

  test("of another kind closes nothing", () => {
    const { title, body } = textOf({ decision: { kind: "triage" } });
    expect(title).toBe("Work on #7: It breaks on Mondays");
    expect(body).not.toContain("Fixes");
    expect(body).toContain("[issue #7](https://github.com/octo-org/hello/issues/7)");
  });

  test("for a pull request closes nothing", () => {
    const { title, body } = textOf(over(FIX, COMMANDED));
    expect(title).toBe("Work on #8: It breaks on Mondays");
    expect(body).not.toContain("Fixes");
    expect(body).toContain("[pull request #8](https://github.com/octo-org/hello/pull/8)");
  });

  test("for an issue that was transferred closes none of the repository with the commits", () => {
    const place = { repository: "new-home", movedFrom: "octo-org/hello#3" };
    const { title, body } = textOf(over(FIX, { place }));
    expect(title).toBe("Work on octo-org/new-home#7: It breaks on Mondays");
    expect(body).not.toContain("Fixes");
    expect(body).toContain("(https://github.com/octo-org/new-home/issues/7)");
  });

  test("says when the agent said more than it shows", () => {
    const { body } = textOf(saying("word ".repeat(2_000)));
    expect(body).toContain("\n\n_The session has the rest._\n\n</details>");
    expect(body.length).toBeLessThan(8_000);
  });
});

describe("others' words in a title", () => {
  test.each([
    ["Ping @octocat and @octo-org/team", "Ping @ octocat and @ octo-org/team"],
    ["This closes #9, fixes octo-org/hello#10", "This closes # 9, fixes octo-org/hello# 10"],
    ["Resolves GH-9", "Resolves GH 9"],
    [
      "Fixes https://github.com/octo-org/hello/issues/9",
      "Fixes https: //github.com/octo-org/hello/issues/9",
    ],
    ["Skip me [skip ci] [no actions]", "Skip me [skip_ci] [no_actions]"],
    ["In C# and `code`", "In C# and `code`"],
    ["Two\nlines\u202E and \u200Bmore", "Two lines and more"],
    ["ghp_16C7e42F292c6912E7710c838347Ae178B4a leaks", "[redacted] leaks"],
  ])("%j", (title, shown) => {
    expect(titled(title)).toBe(`Fix #7: ${shown}`);
  });

  test("are cut, and may be none", () => {
    expect(titled("x".repeat(300))).toBe(`Fix #7: ${"x".repeat(149)}…`);
    expect(titled(" \u200B ")).toBe("Fix #7");
  });
});

/** What mentions, refers, closes, hides, loads, or ends something, and what lies between. */
const PIECES = [
  "a",
  "fixes",
  "closes ",
  "resolves: ",
  " ",
  "\n",
  "\n\n",
  "> ",
  "- ",
  "# ",
  "\\",
  "*",
  "`",
  "```\n",
  "|",

  "@octocat",
  "@octo-org/team",
  "&#64;octocat",
  "@",
  "@\u200Boctocat",
  "#9",
  "&num;9",
  "#",
  "9",

  "octo-org/hello#9",
  "GH-9",
  "gh-",
  "https://github.com/octo-org/hello/issues/9",
  "www.evil.example",

  "[skip ci]",
  "[skip",
  " ci]",
  "[ci skip]",
  "[",
  "]",
  "\\[no ci\\]",
  "[*skip* ci]",
  "ghp_16C7e42F292c6912",

  "[no ci](https://github.com/octo-org/hello/wiki)",
  "](https://github.com/",
  "[a](https://github.com/o/r/wiki/@b)",

  "</details>",
  "<details>",
  "<img src=x>",
  "![i](https://evil.example/i)",
  "<!--",
  "[x](https://evil.example)",

  "\u202E",
  "\u0000",
  "\uD800",
  "<https://evil.example>",
  "Co-authored-by: a <a@b.c>",
  "\r\n",
  "skip-checks: true",
];
const hostile = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((all) => all.join("")),
  fc.string({ unit: "binary", maxLength: 100 }),
);

/** What GitHub, or a commit's message, would make something of, however it's formatted. */
const MEANT = /@[\w-]|#\d|\bgh-\d|\[(?:(?:skip|no) (?:ci|actions)|(?:ci|actions) skip)\]/iu;

test("no words make a title that mentions, refers to, or closes anything else", () => {
  fc.assert(
    fc.property(hostile, (words) => {
      const title = titled(words);
      expect(title.length).toBeLessThanOrEqual(200);
      expect(title).toMatch(/^Fix #7(?:: [^\n\r]*)?$/u);
      expect(title.slice("Fix #7".length)).not.toMatch(MEANT);
      expect(title).not.toMatch(/:\/\/|\bwww\.|[\p{Cf}\p{Cs}]/u);
    }),
    { numRuns: runs(2_000) },
  );
});

const OWN = /\]\(https:\/\/github\.com\/[^)]*\)/gu;

test("no words of the agent's mention, refer to, or close anything, as Markdown or as text", () => {
  fc.assert(
    fc.property(hostile, (said) => {
      const { body } = textOf(saying(said));
      const [before = "", ...after] = body.split("<details><summary>What Copilot said</summary>\n");
      const [own] = textOf(FIX).body.split("Task `");
      expect(before.split("Task `")[0]).toBe(own);
      expect(after.length).toBeLessThanOrEqual(1);
      const words = (after[0] ?? "").replaceAll(OWN, "]()");
      expect(words).not.toMatch(MEANT);
      const lines = words.split("\n\n</details>\n")[0] ?? "";
      for (const line of lines.split("\n").filter(Boolean))
        expect(line).toMatch(/^>|^_The session/u);
    }),
    { numRuns: runs(1_000) },
  );
});

const ALLOWED = new Set(
  "p a code details summary blockquote strong em del pre ol ul li table thead tbody tr th td br".split(
    " ",
  ),
);

function elementsIn(node: Node): string[] {
  if (!isElement(node)) return [];
  const links = node.attrs.filter(({ name }) => name === "href" || name === "src");
  const foreign = links.filter(({ value }) => !value.startsWith("https://github.com/"));
  return [
    ...(ALLOWED.has(node.tagName) ? [] : [node.tagName]),
    ...foreign.map(({ value }) => value),
    ...node.childNodes.flatMap(elementsIn),
  ];
}

test.runIf(hasCmarkGfm)("GitHub shows nothing in it that loads, or leads elsewhere", () => {
  const texts = fc.sample(hostile, runs(1_200));
  const bodies = texts.map((said) => textOf(saying(said)).body);
  for (const [index, html] of cmarkGfmOfEach(bodies).entries()) {
    const { childNodes } = parseFragment(html);
    expect({ said: texts[index], wrong: childNodes.flatMap(elementsIn) }).toMatchObject({
      wrong: [],
    });
    const details = childNodes.filter((node) => isElement(node) && node.tagName === "details");
    expect(details.length).toBe(bodies[index]?.includes("<details>") === true ? 1 : 0);
    // What follows isn't in it.
    const last = childNodes.findLast(isElement);
    expect(last?.tagName).toBe("p");
  }
});
