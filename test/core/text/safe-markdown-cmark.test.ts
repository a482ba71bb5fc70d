import * as fc from "fast-check";
import { parseFragment } from "parse5";
import { describe, expect, test } from "vitest";
import { isElement } from "../../../src/core/text/element.ts";
import type { Node } from "../../../src/core/text/element.ts";
import { safeMarkdown } from "../../../src/core/text/safe-markdown.ts";
import { cmarkGfm, cmarkGfmOfEach, hasCmarkGfm } from "../../cmark-gfm.ts";
import { runs } from "../../runs.ts";

const HOST = "https://github.com/octo-org/hello/blob/";
const onlyHost = (url: string) =>
  url.startsWith(HOST) ? url.replaceAll(/[()<>\s\\`]/gu, "") : null;

/** What opens, closes, nests, hides, mentions, refers or loads something, and what lies between. */
const piece = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.constantFrom("a", "b c", "word ", " ", "  ", "1", "x_y", "é", "🎉", "日本"),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ..."\n,\n\n,*,**,***,_,__,~,~~,`,``,```,~~~,[,],(,),<,>,|,\\,#,##,-,+,=,---,===,:-:,|-|,!,&,$,$$,\t,    ,> ,- ,1. ,1) ,- [ ] ,- [x] ,^,:,;,\",'".split(
        ",",
      ),
      ",",
      "\r",
      "\r\n",
      "[^1]",
      "[^1]: ",
      "| a | b |\n| - | - |\n| c | d |\n",
      "`".repeat(81),
      "`".repeat(256),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "@octocat",
      "@octo-org/team",
      "#1",
      "GH-1",
      "octo-org/hello#1",
      "octo-org/hello@0123456789abcdef",
      "0123456789abcdef0123456789abcdef01234567",
      "https://evil.example/x",
      "http://evil.example",
      "www.evil.example",
      "ftp://evil.example",
      "mailto:a@evil.example",
      "xmpp:a@evil.example",
      "a@evil.example",
      ":octocat:",
      ":shipit:",
      "[!WARNING]",
      "&#64;octocat",
      "&num;1",
      "&lt;img&gt;",
      "&#x5b;x](https://evil.example)",
      `${HOST}main/a.ts`,
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "![i](https://evil.example/i.png)",
      "![i][r]",
      "[x](https://evil.example 'title')",
      `[ok](${HOST}main/a.ts "title")`,
      "[r]: https://evil.example",
      "[x][r]",
      "<https://evil.example>",
      "<a@evil.example>",
      '<img src="https://evil.example/i.png">',
      '<a href="https://evil.example">',
      "</a>",
      "<!--",
      "-->",
      "<!-- x -->",
      "<details>",
      "<summary>",
      "</details>",
      "</blockquote>",
      "<b>",
      "</b>",
      "<br>",
      "<script>",
      "<style>",
      "<T>",
      "<?",
      "<![CDATA[",
      "](",
      "![",
      "```mermaid\n",
      "javascript:alert(1)",
    ),
  },
);
const text = fc.array(piece, { minLength: 1, maxLength: 30 }).map((all) => all.join(""));

const ALLOWED = new Set(
  "blockquote p strong em del a code pre ol ul li table thead tbody tr th td br".split(" "),
);

/** What GitHub would make something of in text that is no code. */
const MEANT =
  /@[a-z0-9]|#\d|\bgh-\d|https?:|www\.[a-z]|ftp:|mailto:|xmpp:|\b(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b|:[a-z]+:|\[!|\$/iu;

/** What is in HTML that must not be: elements, links elsewhere, words that mean something. */
function faultsIn(node: Node, inCode = false): string[] {
  if (isElement(node)) {
    const { tagName, attrs, childNodes } = node;
    const faults = ALLOWED.has(tagName) ? [] : [`<${tagName}>`];
    for (const { name, value } of attrs) {
      const isLink = tagName === "a" && name === "href" && value.startsWith(HOST);
      const isForm =
        (tagName === "ol" && name === "start") ||
        (name === "align" && /^t[hd]$/u.test(tagName)) ||
        (name === "lang" && tagName === "pre") ||
        (name === "class" && tagName === "code");
      if (!isLink && !isForm) faults.push(`${tagName}.${name}=${value}`);
    }
    return [
      ...faults,
      ...childNodes.flatMap((child) => faultsIn(child, inCode || tagName === "code")),
    ];
  }
  if (node.nodeName === "#text" && "value" in node) {
    return !inCode && MEANT.test(node.value) ? [node.value] : [];
  }
  return [node.nodeName];
}

function faultsOf(html: string): string[] {
  const { childNodes } = parseFragment(html);
  const outer = childNodes.filter(
    (node) => node.nodeName !== "#text" || ("value" in node && node.value.trim() !== ""),
  );
  const isOneQuote = outer.length === 1 && outer[0]?.nodeName === "blockquote";
  return [
    ...(isOneQuote ? [] : [`outside of the quote: ${html}`]),
    ...outer.flatMap((node) => faultsIn(node)),
  ];
}

describe.runIf(hasCmarkGfm)("whatever is shown of others' Markdown, GitHub shows", () => {
  test("in one quote, without anything that does something", () => {
    const texts = fc.sample(text, runs(1_500));
    const quotes = texts.map((one) => safeMarkdown(one, 4_000, onlyHost).quote);
    const shown = texts
      .map((of, index) => ({ of, quote: quotes[index] ?? "" }))
      .filter(({ quote }) => quote !== "");
    const htmls = cmarkGfmOfEach(shown.map(({ quote }) => `${quote}\n`));
    for (const [index, { of, quote }] of shown.entries()) {
      const faults = faultsOf(htmls[index] ?? "");
      expect({ of, quote, faults }).toEqual({ of, quote, faults: [] });
    }
  });
});

test.runIf(hasCmarkGfm)("what is around it stays what it is", () => {
  const texts = fc.sample(text, runs(500));
  const parts = texts.map((one) => safeMarkdown(one, 4_000, onlyHost).quote);
  const document = parts
    .map((part, index) => `### Heading ${index}\n\n${part}\n\nText ${index}\n\n`)
    .join("");
  const html = cmarkGfm(document);
  for (const index of texts.keys()) {
    expect(html).toContain(`<h3>Heading ${index}</h3>\n`);
    expect(html).toContain(`\n<p>Text ${index}</p>\n`);
  }
});
