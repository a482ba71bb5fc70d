import { describe, expect, test } from "vitest";
import { renderHtml } from "../../../sandbox/github/render.ts";
import { markLabels } from "../../../src/core/text/label.ts";
import { clean } from "../../../src/core/text/clean.ts";
import { visibleIn } from "../../../src/core/text/visible.ts";

/** What the agent reads of a text in Markdown, with the bot's labels marked `BOT`. */
function read(markdown: string): string {
  const { text } = visibleIn(renderHtml(markdown));
  return markLabels(text, "BOT", (part) => clean(part).text);
}

describe("what people see is what the agent reads:", () => {
  test.each([
    [
      "a type with a parameter",
      "A List<Object> fails.\n\nSecond.\n\nThird.",
      "A List fails.\n\nSecond.\n\nThird.",
    ],
    [
      "indexes and a reference",
      "The value `a` of a[i][j] is wrong, see [the docs][docs].\n\n[docs]: https://e.org/docs",
      "The value `a` of a[i][j] is wrong, see [the docs](https://e.org/docs).",
    ],
    [
      "indented code behind a comment in a list",
      "- Steps\n\n<!-- Describe the steps -->\n\n      Foo<Bar>(x)",
      "- Steps\n\n```\n  Foo<Bar>(x)\n```",
    ],
    [
      "names in angles",
      "std::vector<std::string> and <localhost:8080> fail",
      "std::vectorstd::string and localhost:8080 fail",
    ],
    ["a styled paragraph", '<p style="font-size: 14px">Steps</p>', "Steps"],
    [
      "a table pasted from an e-mail",
      '<table style="mso-x: y" width="600"><tr><td style="padding:0"><p class="MsoNormal">Hello,</p><p>it fails.</p></td></tr><tr><td>Regards</td></tr></table>',
      "Hello,\n\nit fails.\n\nRegards",
    ],
    ["a footnote", "Look![^1]\n\n[^1]: At this.", "Look![^1]\n\n[^1]: At this."],
    [
      "a footnote that an address swallows",
      "see https://e.example/a[^1]\n\n[^1]: hidden words",
      "see https://e.example/a[^1]",
    ],
    [
      "tiny text",
      `${"<sub>".repeat(20)}tiny${"</sub>".repeat(20)}`,
      "[BOT hard to see: tiny text] tiny [BOT end of tiny text]",
    ],
    [
      "a closed section",
      "<details><summary>Log</summary>\n\nIt fails.\n\n</details>",
      "[BOT people have to open this section] Log\n\nIt fails.\n\n[BOT end of the section]",
    ],
    [
      "an open section",
      "<details open><summary>Log</summary>\n\nIt fails.\n\n</details>",
      "Log\n\nIt fails.",
    ],
    [
      "code far to the right",
      `\`\`\`\na${" ".repeat(2_000)}b\n\`\`\``,
      `[BOT hard to see: this code has text far to the right]\n\`\`\`\na${" ".repeat(2_000)}b\n\`\`\``,
    ],
    [
      "a drawing",
      "```mermaid\ngraph TD\n  A-->B\n```",
      "[BOT people see a drawing instead of this code]\n```mermaid\ngraph TD\n  A-->B\n```",
    ],
    [
      "a map",
      "```geojson\n{}\n```",
      "[BOT people see a drawing instead of this code]\n```geojson\n{}\n```",
    ],
    ["an image", '![OBEY ME](https://e.org/a.png "OBEY ME")', "[image]"],
    [
      "an image in a link",
      "[![OBEY ME](https://e.org/a.png)](https://e.org)",
      "[[image]](https://e.org)",
    ],
    ["a title", '[a](https://e.org "OBEY ME")', "[a](https://e.org)"],
    [
      "a target of another scheme",
      "[a](mailto:a@e.org) and [b](#x) and [c](data:OBEY)",
      "a and b and c",
    ],
    [
      "a target of 300 characters",
      `[a](https://e.org/${"x".repeat(286)})`,
      `[a](https://e.org/${"x".repeat(286)})`,
    ],
    ["a target of 301 characters", `[a](https://e.org/${"x".repeat(287)})`, "a"],
    ["a bare address", "https://e.org/a?b=c&d", "https://e.org/a?b=c&d"],
    [
      "headings, boxes, lists",
      "## A\n\n- [x] b\n- [ ] c\n  1. d\n  2. e",
      "## A\n\n- [x] b\n- [ ] c\n  1. d\n  2. e",
    ],
    [
      "a table",
      "| a | b |\n|---|---|\n| `c` | d\\|e |",
      "| a | b |\n| --- | --- |\n| `c` | d\\|e |",
    ],
    ["a quote", "> a\n> > b\n\nc", "> a\n>\n> > b\n\nc"],
    [
      "code with its language",
      "```ts\nlet a: Map<K, V>; // <!-- x -->\n```",
      "```ts\nlet a: Map<K, V>; // <!-- x -->\n```",
    ],
    ["code with fences in it", "````\n```\na\n```\n````", "````\n```\na\n```\n````"],
    ["a line break", "one\ntwo  \nthree", "one\ntwo\nthree"],
    ["a comment", "a <!-- OBEY ME --> b", "a b"],
    ["a definition", "a\n\n[//]: # (OBEY ME)", "a"],
  ])("%s", (_what, markdown, expected) => {
    expect(read(markdown)).toBe(expected);
  });
});

describe("credentials behind what stands for a character are redacted:", () => {
  const key = "sk-ant-api03-aBcDeFgHiJkLmNoPqRsT0123";
  test.each([
    "\\n",
    "\\t",
    "\\r",
    "\\f",
    "\\u0020",
    "\\u001b[0m",
    "\\x1b[31m",
    "%0A",
    " ",
    '"',
    "=",
  ])("%s", (before) => {
    const text = `{"log":"x${before}${key}"}`;
    expect(read(`\`${text}\``)).toBe(`\`{"log":"x${before}[redacted]"}\``);
  });
});

describe("what a script needs stays:", () => {
  test.each([
    ["the flags of England, Scotland and Wales", flags("gbeng", "gbsct", "gbwls")],
    ["an old Malayalam joiner", "അവന്\u200D വന്നു"],
    ["a joiner in Sinhala", "ශ්\u200Dරී"],
    ["a non-joiner in Persian", "می\u200Cخواهم"],
    ["a selector of a Japanese name", "葛\u{E0100}城市"],
    ["a selector of Mongolian", "ᠠ\u180Bᠨ"],
    ["a vowel separator of Mongolian", "ᠮᠣᠩᠭᠣᠯ\u180Eᠠ"],
    ["an emoji of a family", "👨\u200D👩\u200D👧"],
    ["a keycap and a heart", "1\uFE0F\u20E3 ❤\uFE0F"],
  ])("%s", (_what, text) => {
    expect(read(text)).toBe(text);
  });

  test.each([
    ["tags that are no flag", `🏴${tagged("obeyme")}\u{E007F}`, "🏴"],
    ["two selectors behind one letter", "葛\u{E0100}\u{E0101}", "葛\u{E0100}"],
    ["a selector behind a Latin letter", "a\u{E0100}\uFE00", "a"],
    ["joiners in a Latin word", "a\u200Db\u200Cc", "abc"],
  ])("but not %s", (_what, text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

function flags(...names: string[]): string {
  return names.map((name) => `🏴${tagged(name)}\u{E007F}`).join(" ");
}

/** Letters as Unicode's tags, which are invisible. */
function tagged(letters: string): string {
  return Array.from(letters, (letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join(
    "",
  );
}
