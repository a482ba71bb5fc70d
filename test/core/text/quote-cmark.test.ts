import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellCode, codeBlock, inlineCode } from "../../../src/core/text/quote.ts";
import { cmarkGfm, hasCmarkGfm } from "../../cmark-gfm.ts";
import { runs } from "../../runs.ts";

const HOSTILE = '<img src="https://e.org/a"> @octocat fixes #1 [x](https://e.org) **b**';

/** Runs of backticks around the lengths at which cmark-gfm changes its mind, and what would be seen outside code. */
const run = fc
  .oneof(
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 76, max: 83 }),
    fc.integer({ min: 252, max: 260 }),
  )
  .map((length) => "`".repeat(length));
const piece = fc.oneof(
  run,
  fc.constantFrom(
    HOSTILE,
    "\\",
    "|",
    "\\|",
    "~~~",
    "```",
    "$",
    "<!--",
    "-->",
    "&lt;",
    " ",
    "a",
    "\t",
  ),
);
const line = fc.array(piece, { minLength: 1, maxLength: 12 }).map((all) => all.join(""));
const lines = fc
  .array(fc.oneof(line, fc.constantFrom("", "    ", "> ", "- ")), { minLength: 1, maxLength: 8 })
  .map((all) => all.join("\n"));

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function shortened(text: string, most: number): string {
  return text.replaceAll(/`+/gu, (ticks) => ticks.slice(0, most));
}

/** One document of many samples, so that the program starts once; what gets out of a sample changes its part. */
function partsOf(samples: readonly string[]): string[] {
  const html = cmarkGfm(samples.map((sample) => `${sample}\n\n***\n\n`).join(""));
  return html.split("<hr />\n").slice(0, samples.length);
}

describe.runIf(hasCmarkGfm)("whatever is quoted, GitHub shows as code", () => {
  test("in a block", () => {
    const texts = fc.sample(lines, runs(2_000)).filter((text) => text.trim() !== "");
    const parts = partsOf(texts.map((text) => codeBlock(text)));
    for (const [index, text] of texts.entries()) {
      expect(parts[index]).toBe(`<pre><code>${escaped(shortened(text, 254))}\n</code></pre>\n`);
    }
  });

  test("in a line", () => {
    const texts = fc.sample(line, runs(2_000)).filter((text) => text.trim() !== "");
    const parts = partsOf(texts.map((text) => `Branch ${inlineCode(text)} of @nobody`));
    for (const [index, text] of texts.entries()) {
      const code = withoutOuterSpace(shortened(text, 79));
      expect(parts[index]).toBe(`<p>Branch <code>${escaped(code)}</code> of @nobody</p>\n`);
    }
  });

  test("in a cell", () => {
    const texts = fc
      .sample(line, 500)
      .filter((text) => text.trim() !== "" && !text.includes("\\|"));
    const parts = partsOf(texts.map((text) => `| a | b |\n|---|---|\n| ${cellCode(text)} | c |`));
    for (const [index, text] of texts.entries()) {
      const code = withoutOuterSpace(shortened(text, 79));
      expect(parts[index]).toContain(
        `<tr>\n<td><code>${escaped(code)}</code></td>\n<td>c</td>\n</tr>`,
      );
    }
  });

  // What was met: these put an image, a mention and a reference into the bot's own comment.
  test.each([
    ["a block, 255 backticks", codeBlock(`a\n${"`".repeat(255)}\n${HOSTILE}`)],
    ["a block, 256 backticks", codeBlock(`a\n${"`".repeat(256)}\n${HOSTILE}`)],
    ["a line, 80 backticks", inlineCode(`${"`".repeat(80)} ${HOSTILE}`)],
    ["a line, 5,000 backticks", inlineCode(`${"`".repeat(5_000)} ${HOSTILE}`)],
  ])("even behind %s", (_what, markdown) => {
    expect(cmarkGfm(markdown)).not.toMatch(/<img|<a |<strong>/u);
  });
});

/** Markdown takes a space off at each end of a code span, unless all of it is spaces. */
function withoutOuterSpace(text: string): string {
  const isPadded = text.includes("`");
  return !isPadded && /^ .*\S.* $/su.test(text) ? text.slice(1, -1) : text;
}
