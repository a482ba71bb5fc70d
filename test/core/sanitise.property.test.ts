import * as fc from "fast-check";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { echo, sanitise, sanitiseLine } from "../../src/core/sanitise/sanitise.ts";

/** Pieces of which strangers make what is not seen. */
const PIECES = [
  ["<!--", "-->", "--!>", "<!", "<?", "?>", "]]>", "<![CDATA[", "<", ">", "</", "/>"],
  ["<div hidden>", "</div>", "<b title='x'>", "<template>", "<script>", "</script>", "<details>"],
  ["&lt;", "&gt;", "&amp;", "&#60;", "&#x3c;", "&#8203;", "&zwj;", "&", ";"],
  ["![", "[", "](", ")", "]: ", "https://e.org", "data:text/html,x", '"t"', "[^1]", "[^1]: "],
  ["`", "```", "~~~", "    ", "> ", "- ", "# ", "|", "---", "\\", "*", "_"],
  ["\u200B", "\u200D", "\u202E", "\u2066", "\uFEFF", "\u00AD", "\uFE0F", "\u{E0041}", "\u{E0101}"],
  ["\u001B[31m", "\u001B]0;x\u0007", "\u009B", "\u0000", "\r", "\uD800", "\uDC00", "😀", "👨"],
  ["gh", "p_", "aB3".repeat(8), "AKIA", "ABCDEFGH12345678", "-----BEGIN PRIVATE KEY-----"],
  ["\n", "\n\n", " ", "a", "word", "@octocat", "#1", "fixes "],
].flat();

const hostile = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((all) => all.join("")),
  fc.string({ unit: "binary", maxLength: 300 }),
);

/** Neither may ever come out: controls, what turns text round, tags, selectors that no emoji has. */
const FORBIDDEN =
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\u00AD]|[\u{E0000}-\u{E01EF}]/u;

const CREDENTIAL =
  /gh[oprsu]_[A-Za-z0-9]{20,}|AKIA[A-Z0-9]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----/u;

interface MarkdownNode {
  readonly type: string;
  readonly value?: string | undefined;
  readonly alt?: string | null | undefined;
  readonly title?: string | null | undefined;
  readonly url?: string | undefined;
  readonly children?: readonly MarkdownNode[];
}

function nodesOf(markdown: string): MarkdownNode[] {
  const nodes: MarkdownNode[] = [];
  const visit = (node: MarkdownNode): void => {
    nodes.push(node);
    for (const child of node.children ?? []) visit(child);
  };
  visit(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
  return nodes;
}

describe("whatever strangers write", () => {
  test("is sanitised once and for all", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const once = sanitise(text).text;
        expect(sanitise(once)).toEqual({ text: once, removed: {} });
      }),
      { numRuns: 2_000 },
    );
  });

  test("has nothing invisible and no credential left", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const cleaned of [sanitise(text).text, sanitiseLine(text, 200).text]) {
          expect(cleaned).not.toMatch(FORBIDDEN);
          expect(cleaned).not.toMatch(CREDENTIAL);
          expect(cleaned.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("has nothing left that a reader on GitHub does not see", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const { type, alt, title, url = "" } of nodesOf(sanitise(text).text)) {
          expect(["html", "definition"]).not.toContain(type);
          expect(alt ?? "").toBe("");
          expect(title ?? "").toBe("");
          expect(url).not.toMatch(/^\s*(?:data|javascript|vbscript):/iu);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("is one line of bounded length where a line is wanted, once and for all", () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 80 }), (text, most) => {
        const { text: line } = sanitiseLine(text, most);
        expect(line).not.toMatch(/[\r\n\u2028\u2029]/u);
        expect(line.length).toBeLessThanOrEqual(most);
        expect(sanitiseLine(line, most).text).toBe(line);
      }),
    );
  });

  test("is code alone where the bot repeats it", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const nodes = nodesOf(echo(text, 500));
        for (const { type } of nodes) expect(["root", "code"]).toContain(type);
        expect(echo(text, 500)).not.toMatch(FORBIDDEN);
      }),
      { numRuns: 1_000 },
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
      expect(sanitise(text)).toEqual({ text, removed: {} });
    }),
  );
});
