import { describe, expect, test } from "vitest";
import { safeMarkdown } from "../../../src/core/text/safe-markdown.ts";

const TOKEN = `ghp_${"A1b2".repeat(10)}`;
const HALVES = [TOKEN.slice(0, 14), TOKEN.slice(14)];

function quoteOf(markdown: string): string {
  return safeMarkdown(markdown, 6_000, (url) =>
    url.startsWith("https://github.com/") ? url : null,
  ).quote;
}

describe("a credential isn't shown", () => {
  test.each([
    ["with an escape", TOKEN.replace("_", String.raw`\_`), String.raw`> \[redacted]`],
    ["with an entity", TOKEN.replace("_", "&#95;"), String.raw`> \[redacted]`],
    ["with a tag", HALVES.join("<b></b>"), String.raw`> \[redacted]`],
    ["with a comment", HALVES.join("<!-- -->"), String.raw`> \[redacted]`],
    ["in emphasis", `It is **${HALVES.join("***_*")}.`, undefined],
    ["half of it in emphasis", `It *is* ${HALVES.join("**")}**.`, String.raw`> It is \[redacted].`],
    [
      "half of it in a cell's emphasis",
      `| a |\n| - |\n| ${HALVES.join("*")}* |`,
      "> | a |\n> | - |\n> | \\[redacted] |",
    ],
    [
      "in the address of a link",
      `[x](https://evil.example/${TOKEN.replace("_", "&#95;")})`,
      "> x (`https://evil.example/[redacted]`)",
    ],
    ["in the text of an image", `![${TOKEN.replace("_", "&lowbar;")}](x)`, undefined],
    ["in a heading", `# ${TOKEN.replace("_", String.raw`\_`)}`, String.raw`> **\[redacted]**`],
  ])("%s", (_name, markdown, quote) => {
    const shown = quoteOf(markdown);
    expect(shown.replaceAll(/[*\\]/gu, "")).not.toContain(TOKEN);
    if (quote !== undefined) expect(shown).toBe(quote);
  });
});

test.each([
  ["a&#x202E;b", "> ab"],
  ["a&#8203;b&ZeroWidthSpace;&#xE0041;", "> ab"],
  ["@&#8203;octocat", "> `@octocat`"],
  ["`a`&#8203;`b`", "> `a` `b`"],
  ["**&#8203;**", ""],
  ["![&#x202E;a](x)", "> (image: a)"],
  ["[&#x202E;a](https://github.com/o/r)", "> [a](https://github.com/o/r)"],
  ["[a](https://evil.example/&#x202E;)", "> a (`https://evil.example/`)"],
])("what is invisible isn't there, named or not: %j", (markdown, quote) => {
  expect(quoteOf(markdown)).toBe(quote);
});

test.each(["a@-b.example", "a@.b.example"])("%s becomes no address of e-mail", (text) => {
  expect(quoteOf(`Ask ${text} now`)).toBe(`> Ask \`${text}\` now`);
});

test("what GitHub takes for a change that can be committed is code in no language", () => {
  expect(quoteOf("```suggestion\nrm -rf /\n```")).toBe("> ```\n> rm -rf /\n> ```");
});
