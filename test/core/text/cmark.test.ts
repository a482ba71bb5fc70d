import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import * as fc from "fast-check";
import { parseFragment } from "parse5";
import { describe, expect, test } from "vitest";
import { finishHtml, renderHtml } from "../../../sandbox/github/render.ts";
import { visibleIn } from "../../../src/core/text/visible.ts";
import { cmarkGfmOfEach, hasCmarkGfm } from "../../cmark-gfm.ts";
import { runs } from "../../runs.ts";

/** The specification of GFM, which comes with Debian's package. */
const SPEC = "/usr/share/doc/cmark-gfm/spec.txt.gz";
const hasSpec = hasCmarkGfm && existsSync(SPEC);

function examples(): string[] {
  const spec = gunzipSync(readFileSync(SPEC)).toString();
  const found = spec.matchAll(/^`{32} example[^\n]*\n(?<markdown>[\s\S]*?)^\.\n/gmu);
  return [...found].map(({ groups }) => (groups?.["markdown"] ?? "").replaceAll("→", "\t"));
}

/** What GitHub's own renderer makes of texts, sanitized as on GitHub. */
function asOnGitHub(markdowns: readonly string[]): string[] {
  return cmarkGfmOfEach(markdowns, ["-e", "tagfilter"]).map((html) => finishHtml(html));
}

interface TreeNode {
  readonly nodeName: string;
  readonly value?: string;
  readonly childNodes?: readonly TreeNode[];
}

/** All texts of a document, in order. */
function textsOf(html: string, within: string | null = null): string[] {
  const read = ({ nodeName, value = "", childNodes = [] }: TreeNode, isIn: boolean): string[] => {
    if (nodeName === "#text") return isIn ? [value] : [];
    const texts = childNodes.flatMap((child) => read(child, isIn || nodeName === within));
    return nodeName === within ? [texts.join("")] : texts;
  };
  return read(parseFragment(html), within === null);
}

/** The words that people see and that aren't in a text in this order. */
function lostWords(html: string, text: string): string[] {
  let from = 0;
  const words = textsOf(html).flatMap((part) => part.match(/[\p{L}\p{N}]+/gu) ?? []);
  return words.filter((word) => {
    const at = text.indexOf(word, from);
    if (at === -1) return true;
    from = at + word.length;
    return false;
  });
}

describe.runIf(hasSpec)("the examples of GFM's specification", () => {
  const all = hasSpec ? examples() : [];
  const html = hasSpec ? asOnGitHub(all) : [];

  test("lose no word that people see", () => {
    expect(all.length).toBeGreaterThan(640);
    const lost = html.flatMap((document, index) => {
      const words = lostWords(document, visibleIn(document).text);
      return words.length === 0 ? [] : [{ markdown: all[index], words }];
    });
    expect(lost).toEqual([]);
  });

  test("have their code byte for byte", () => {
    const blocks = html.flatMap((document) => {
      const text = visibleIn(document).text;
      // In lists and quotes all lines get what marks these.
      const isNested = /<(?:li|blockquote)/u.test(document);
      return isNested
        ? []
        : textsOf(document, "pre").map((code) => ({ code: code.replace(/\n$/u, ""), text }));
    });
    expect(blocks.length).toBeGreaterThan(50);
    for (const { code, text } of blocks) expect(`\n${text}`).toContain(code);
  });

  // The fake renderer is micromark; cmark-gfm is what GitHub runs.
  test("look the same on the sandbox's GitHub, but for a few", () => {
    const different = all.filter(
      (markdown, index) =>
        visibleIn(renderHtml(markdown)).text !== visibleIn(html[index] ?? "").text,
    );
    expect(different).toMatchInlineSnapshot(`
      [
        "<style
        type="text/css">
      h1 {color:red;}

      p {color:blue;}
      </style>
      okay
      ",
        "<style
        type="text/css">

      foo
      ",
        "foo <!-- not a comment -- two hyphens -->
      ",
        "foo <!--> foo -->

      foo <!-- foo--->
      ",
      ]
    `);
  });
});

describe.runIf(hasCmarkGfm)("whatever people write", () => {
  const pieces = [
    ["<!--", "-->", "<b>", "</b>", "<div>", "</div>", "<details>", "</details>", "<sub>", "<p>"],
    ["![", "[", "](", ")", "https://e.org", "`", "```", "~~~", "    ", "> ", "- ", "1. ", "# "],
    ["|", "\n|-|-|\n", "*", "**", "_", "~~", "\\", "&lt;", "&amp;", "<", ">", "[^1]", "[^1]: "],
    ["\n", "\n\n", " ", "word", "other", "List<Object>", "a[i]", "\t"],
  ].flat();
  const text = fc
    .array(fc.constantFrom(...pieces), { minLength: 5, maxLength: 40 })
    .map((all) => all.join(""));

  test("no word is lost that GitHub's renderer shows", () => {
    const texts = fc.sample(text, runs(300));
    for (const [index, html] of asOnGitHub(texts).entries()) {
      const lost = lostWords(html, visibleIn(html).text);
      expect({ markdown: texts[index], lost }).toEqual({ markdown: texts[index], lost: [] });
    }
  });
});
