import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderHtml } from "../../../sandbox/github/render.ts";
import { clean } from "../../../src/core/text/clean.ts";
import { markLabels } from "../../../src/core/text/label.ts";
import { cleanLine, echo, sourceText } from "../../../src/core/text/plain.ts";
import { visibleIn } from "../../../src/core/text/visible.ts";
import { whatEnds } from "../../watchdog.ts";
import { readMarkdown } from "../markdown.ts";
import { runs } from "../../runs.ts";

/** Pieces of which strangers make what is not seen. */
const PIECES = [
  ["<!--", "-->", "--!>", "<!", "<?", "?>", "]]>", "<![CDATA[", "<", ">", "</", "/>"],
  ["<div hidden>", "</div>", "<b title='x'>", "<template>", "<script>", "</script>", "<details>"],
  ["&lt;", "&gt;", "&amp;", "&#60;", "&#x3c;", "&#8203;", "&zwj;", "&", ";"],
  ["![", "[", "](", ")", "]: ", "https://e.org", "data:text/html,x", '"t"', "[^1]", "[^1]: "],
  ["`", "```", "~~~", "    ", "> ", "- ", "# ", "|", "---", "\\", "*", "_"],
  [
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<ul>",
    "<li>",
    "<pre>",
    "<a href=https://e.org>",
    "<svg>",
  ],
  ["\u200B", "\u200D", "\u202E", "\u2066", "\uFEFF", "\u00AD", "\uFE0F", "\u{E0041}", "\u{E0101}"],
  ["\u001B[31m", "\u001B]0;x\u0007", "\u009B", "\u0000", "\r", "\uD800", "\uDC00", "😀", "👨"],
  ["gh", "p_", "aB3".repeat(8), "AKIA", "ABCDEFGH12345678", "-----BEGIN PRIVATE KEY-----"],
  ["\uFDD0", "\uFDD1", "\\n", "sk-a1", "\n", "\n\n", " ", "a", "word", "@octocat", "#1", "fixes "],
].flat();

const hostile = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((all) => all.join("")),
  fc.string({ unit: "binary", maxLength: 300 }),
);

/** Neither may ever come out: controls, what turns text round, tags, selectors that no script has. */
const FORBIDDEN =
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\u00AD\uFDD0\uFDD1]|[\u{E0120}-\u{E01EF}]/u;

const CREDENTIAL =
  /gh[oprsu]_[A-Za-z0-9]{20,}|AKIA[A-Z0-9]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----/u;

/** What reaches the prompt of HTML. */
function shown(html: string): string {
  return markLabels(visibleIn(html).text, "BOT", (part) => clean(part).text);
}

describe("whatever strangers write", () => {
  test("is cleaned once and for all where GitHub made no HTML of it", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const once = sourceText(text).text;
        expect(sourceText(once)).toEqual({ text: once, removed: {} });
      }),
      { numRuns: runs(300) },
    );
  });

  test("has nothing invisible and no credential left", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        // GitHub's HTML of it, and the text as if it were the HTML.
        const all = [shown(renderHtml(text)), shown(text), sourceText(text).text];
        for (const cleaned of [...all, cleanLine(text, 200).text]) {
          expect(cleaned).not.toMatch(FORBIDDEN);
          expect(cleaned).not.toMatch(CREDENTIAL);
          expect(cleaned.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: runs(300) },
    );
  });

  test("is one line of bounded length where a line is wanted, once and for all", () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 80 }), (text, most) => {
        const { text: line } = cleanLine(text, most);
        expect(line).not.toMatch(/[\r\n\u2028\u2029]/u);
        expect(line.length).toBeLessThanOrEqual(most);
        expect(cleanLine(line, most).text).toBe(line);
      }),
    );
  });

  test("is code alone where the bot repeats it", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { words, html, links, images } = readMarkdown(echo(text, 500));
        expect({ words, html, links, images }).toEqual({
          words: "",
          html: [],
          links: [],
          images: [],
        });
        expect(echo(text, 500)).not.toMatch(FORBIDDEN);
      }),
      { numRuns: runs(300) },
    );
  });
});

test("ordinary words stay as they are", () => {
  // Some letters are not to be seen.
  const word = fc
    .stringMatching(/^[\p{L}\p{N}]{1,12}$/u)
    .filter((text) => !FORBIDDEN.test(text) && !/\p{Default_Ignorable_Code_Point}/u.test(text));
  const plain = fc.array(word, { minLength: 1, maxLength: 30 }).map((all) => all.join(" "));
  fc.assert(
    fc.property(plain, (text) => {
      expect(clean(text)).toEqual({ text, removed: {} });
      expect(sourceText(text)).toEqual({ text, removed: {} });
    }),
  );
});

/** Depths and sizes that no renderer makes, and everything that HTML may be. */
describe("HTML of any form", () => {
  test.each([
    ["3,000 elements deep", `${"<div>".repeat(3_000)}deep${"</div>".repeat(3_000)}`],
    ["140 quotes deep", `${"<blockquote>".repeat(140)}deep${"</blockquote>".repeat(140)}`],
    ["60,000 open links", `${"<a>".repeat(60_000)}deep`],
    ["20,000 open tables", `${"<table>".repeat(20_000)}deep`],
    ["crossed", `${"<b><p>".repeat(70)}deep${"</b></p>".repeat(5_000)}`],
    ["with a tag that doesn't end", 'deep <a href="'],
    ["longer than is read", `deep${"<p>word</p>".repeat(60_000)}`],
  ])("%s is read without a throw, and its text is there", (_what, html) => {
    expect(whatEnds(() => shown(html))).toContain("deep");
  });

  test("never throws", () => {
    fc.assert(
      fc.property(hostile, (text) => typeof visibleIn(text).text === "string"),
      { numRuns: runs(300) },
    );
  });
});
