import type { BlockContent, Code, InlineCode, Parents, Root, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown, gfmToMarkdown } from "mdast-util-gfm";
import type { Options, State } from "mdast-util-to-markdown";
import { toMarkdown } from "mdast-util-to-markdown";
import { gfm } from "micromark-extension-gfm";
import { clean } from "./clean.ts";
import { cut } from "./plain.ts";
import { cellCode, codeBlock, inlineCode } from "./quote.ts";
import type { LinkRule } from "./safe-nodes.ts";
import { safeBlocks } from "./safe-nodes.ts";

/** Others' Markdown, as a comment may show it. */
export interface SafeMarkdown {
  /** In a quote; "" when there is nothing to show. */
  readonly quote: string;
  /** Whether there is more than is shown. */
  readonly isCut: boolean;
}

/** What can open, close or nest something in Markdown: the parser takes the square of their number. */
const MARKS = /[\n*_~[\]<>`|]|[-+](?=\s)|\d[.)](?=\s)/gu;

/** As many as are parsed in a moment. */
const MAX_MARKS = 1_000;

/** Without the search for bare links in what is nested: the tokenizer has found them already. */
const SYNTAX = gfmFromMarkdown().map(({ transforms: _transforms, ...syntax }) => syntax);

/** Others' Markdown as a tree of what may be shown of it. */
export interface SafeTree {
  readonly blocks: BlockContent[];
  /** Whether there is more than is shown. */
  readonly isCut: boolean;
}

/**
 * Others' Markdown with a safe part of its form, in a quote: paragraphs, lists, emphasis, code, tables, and links that
 * a rule allows. Nothing in it mentions, refers, loads an image, is HTML, or ends the quote. Clean of invisible
 * characters and credentials; at most so many characters of it.
 */
export function safeMarkdown(markdown: string, most: number, rule: LinkRule): SafeMarkdown {
  const { blocks, isCut, short } = shortTree(markdown, most, rule);
  const quote = written(blocks);
  // What nests has to be indented and escaped: it can take many times the room.
  if (quote.length > most * 4 && most > 100) {
    return { ...safeMarkdown(short, Math.floor(most / 4), rule), isCut: true };
  }
  return { quote, isCut };
}

/** The same part of others' Markdown as a tree, for what isn't Markdown itself. */
export function safeTree(markdown: string, most: number, rule: LinkRule): SafeTree {
  const { blocks, isCut } = shortTree(markdown, most, rule);
  return { blocks, isCut };
}

function shortTree(markdown: string, most: number, rule: LinkRule) {
  const clear = clean(markdown).text.trim();
  const short = withinReason(clear.length <= most ? clear : cutAtLine(clear, most));
  const tree = fromMarkdown(short, { extensions: [gfm()], mdastExtensions: [SYNTAX] });
  const isCut = short.length < clear.length;
  const shown = isCut ? withoutLastHeading(tree.children) : tree.children;
  return { blocks: safeBlocks(shown, rule), isCut, short };
}

/** The bot's own Markdown as a tree: what others wrote in it is code. */
export function ownTree(markdown: string): Root {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [SYNTAX] });
}

/** What would be blocks where a line began with it. */
const BLOCKS = {
  disable: {
    null: [
      "blockQuote",
      "codeFenced",
      "codeIndented",
      "definition",
      "gfmFootnoteDefinition",
      "headingAtx",
      "list",
      "thematicBreak",
    ],
  },
};

/** The same of one line in the middle of other words: "2." isn't a list there. */
export function ownLineTree(line: string): Root {
  return fromMarkdown(line, { extensions: [gfm(), BLOCKS], mdastExtensions: [SYNTAX] });
}

/** What a heading was about is what was cut off. */
function withoutLastHeading(children: readonly RootContent[]): readonly RootContent[] {
  const end = children.findLastIndex(({ type }) => type !== "heading");
  return children.slice(0, end + 1);
}

/** The beginning of a text, up to the end of a line where that isn't far. */
function cutAtLine(text: string, most: number): string {
  const end = text.lastIndexOf("\n", most);
  return end > most / 2 ? text.slice(0, end) : cut(text, most);
}

function withinReason(text: string): string {
  let marks = 0;
  for (const { index } of text.matchAll(MARKS)) {
    marks += 1;
    if (marks > MAX_MARKS) return text.slice(0, index);
  }
  return text;
}

function written(children: BlockContent[]): string {
  if (children.length === 0) return "";
  return toMarkdown({ type: "blockquote", children }, OPTIONS).trimEnd();
}

const OPTIONS: Options = {
  bullet: "-",
  emphasis: "*",
  fences: true,
  listItemIndent: "one",
  resourceLink: true,
  extensions: [gfmToMarkdown({ tablePipeAlign: false })],
  handlers: { code: writeCode, inlineCode: writeInlineCode },
};

/** Code is written as all others' words are: within the limits of GitHub's renderer. */
function writeCode({ value, lang }: Code): string {
  return codeBlock(value, lang ?? "");
}

function writeInlineCode(
  { value }: InlineCode,
  _parent: Parents | undefined,
  { stack }: State,
): string {
  return stack.includes("tableCell") ? cellCode(value) : inlineCode(value);
}
