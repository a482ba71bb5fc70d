import type { Definition, Image, ImageReference, Link, LinkReference, Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { imageMark, safeAddress } from "./address.ts";
import { cut, type Edit } from "./edit.ts";
import type { RemovedKind } from "./removed.ts";
import type { Span } from "./span.ts";

/**
 * The text is a paragraph already: nothing in it begins a block, except definitions of links. Emphasis
 * hides nothing.
 */
const OTHER_SYNTAX = [
  "attention",
  "blockQuote",
  "codeFenced",
  "codeIndented",
  "hardBreakEscape",
  "headingAtx",
  "htmlFlow",
  "list",
  "setextUnderline",
  "thematicBreak",
];
const PARAGRAPH = { disable: { null: OTHER_SYNTAX } };

/** A definition of a link: what it takes up together with the line end behind it. */
export interface LinkDefinition extends Span {
  readonly label: string;
  readonly address: string;
  readonly hasTitle: boolean;
}

/** What the parser finds in a paragraph's text. */
export interface InlineTree {
  readonly edits: readonly Edit[];
  /** Tags, comments and the like. */
  readonly html: readonly Span[];
  readonly code: readonly Span[];
  /** What stands behind the labels of links, from the bracket on. */
  readonly resources: readonly Span[];
  readonly definitions: readonly LinkDefinition[];
  /** The labels by which links and images refer to definitions. */
  readonly references: readonly string[];
  /** Whether there is anything but definitions. */
  readonly hasText: boolean;
  /** Whether cmark-gfm would see the same here, and in all that follows. */
  readonly isCertain: boolean;
}

/**
 * Parses a paragraph's text.
 *
 * @param mayDefine whether it may begin with definitions of links
 * @param definitions of links, in Markdown, that stand elsewhere and are used here
 */
export function readInlineTree(text: string, mayDefine: boolean, definitions: string): InlineTree {
  // Behind a word there are no definitions.
  const before = mayDefine ? "" : ".";
  const { children } = fromMarkdown(before + text + definitions, { extensions: [PARAGRAPH] });
  const spanOf = ({ position }: Nodes): Span => ({
    start: Math.max(0, (position?.start.offset ?? 0) - before.length),
    end: (position?.end.offset ?? 0) - before.length,
  });
  const visitor = new Visitor(text, spanOf);
  const found: LinkDefinition[] = [];
  for (const node of children) if (node.type === "definition") visitor.define(node);
  for (const [index, node] of children.entries()) {
    const { start } = spanOf(node);
    if (start >= text.length) break;
    if (node.type === "definition") {
      const next = children[index + 1];
      const end = next === undefined ? text.length : Math.min(text.length, spanOf(next).start);
      const hasTitle = (node.title ?? "") !== "";
      found.push({ start, end, label: node.label ?? "", address: node.url, hasTitle });
    } else {
      visitor.hasText = true;
      visitor.visit(node);
    }
  }
  const { edits, html, code, resources, references, hasText, isCertain } = visitor;
  return { edits, html, code, resources, references, hasText, isCertain, definitions: found };
}

class Visitor {
  readonly edits: Edit[] = [];
  readonly html: Span[] = [];
  readonly code: Span[] = [];
  readonly resources: Span[] = [];
  readonly references: string[] = [];
  hasText = false;
  isCertain = true;
  readonly #text: string;
  readonly #spanOf: (node: Nodes) => Span;
  readonly #addresses = new Map<string, string>();

  constructor(text: string, spanOf: (node: Nodes) => Span) {
    this.#text = text;
    this.#spanOf = spanOf;
  }

  /** The first definition of a label counts. */
  define({ identifier, url }: Definition): void {
    if (!this.#addresses.has(identifier)) this.#addresses.set(identifier, url);
  }

  visit(node: Nodes): void {
    switch (node.type) {
      case "inlineCode":
        this.code.push(this.#spanOf(node));
        return;
      case "html":
        this.html.push(this.#spanOf(node));
        this.isCertain &&= isCertainHtml(node.value);
        return;
      case "image":
      case "imageReference":
        this.#visitImage(node);
        return;
      case "link":
      case "linkReference":
        this.#visitLink(node);
        return;
      default:
        if ("children" in node) for (const child of node.children) this.visit(child);
    }
  }

  #addressOf(node: Image | ImageReference | Link | LinkReference): string {
    if ("url" in node) return node.url;
    this.references.push(node.label ?? "");
    return this.#addresses.get(node.identifier) ?? "";
  }

  #visitImage(node: Image | ImageReference): void {
    const address = this.#addressOf(node);
    const kinds: RemovedKind[] = [];
    if ((node.alt ?? "").trim() !== "") kinds.push("image_text");
    if ("title" in node && (node.title ?? "") !== "") kinds.push("link_title");
    if (safeAddress(address) === null) kinds.push("unsafe_link");
    this.edits.push({ ...this.#spanOf(node), text: imageMark(address), kinds });
  }

  #visitLink(node: Link | LinkReference): void {
    const { start, end } = this.#spanOf(node);
    const address = this.#addressOf(node);
    const safe = safeAddress(address);
    if (this.#text.charAt(start) === "<") {
      const inner = this.#text.slice(start + 1, end - 1);
      const text = address === inner ? (safe ?? "") : inner;
      this.edits.push({ start, end, text, kinds: safe === null ? ["unsafe_link"] : [] });
      return;
    }
    const last = node.children.at(-1);
    const labelEnd = last === undefined ? start + 1 : this.#spanOf(last).end;
    if (this.#text.slice(start + 1, labelEnd).trim() === "") {
      this.edits.push(cut({ start, end }, "hidden_text"));
      return;
    }
    this.resources.push({ start: labelEnd, end });
    const kinds: RemovedKind[] = "title" in node && (node.title ?? "") !== "" ? ["link_title"] : [];
    if (safe === null) {
      this.edits.push(
        cut({ start, end: start + 1 }),
        cut({ start: labelEnd, end }, ...kinds, "unsafe_link"),
      );
    } else if (this.#text.slice(labelEnd, end) !== `](${safe})`) {
      this.edits.push({ start: labelEnd, end, text: `](${safe})`, kinds });
    }
    for (const child of node.children) this.visit(child);
  }
}

const COMMENT = /^<!--(?!-?>)(?:-?[^-])*-->$/u;
const DECLARATION = /^<![A-Z]+\s[^>]*>$/u;

/**
 * Whether every cmark-gfm, older ones too, ends a comment, an instruction or a declaration at the same
 * place, or at least takes it for text without anything else in the paragraph hanging on it.
 */
function isCertainHtml(html: string): boolean {
  // HTML ends an instruction and CDATA at the first angle bracket.
  if (/^<[?!].*[<>]./su.test(html) && !html.startsWith("<!--")) return false;
  if (html.startsWith("<?")) return !html.endsWith("??>");
  if (!html.startsWith("<!")) return true;
  if (html.startsWith("<![")) return !html.includes("]]]");
  if (COMMENT.test(html) || DECLARATION.test(html)) return true;
  return !/[`\\<[\]]|.--->$/u.test(html.slice(3));
}
