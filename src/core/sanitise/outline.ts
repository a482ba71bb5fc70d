import {
  closesFence,
  endsHtmlBlock,
  fenceAt,
  footnoteAt,
  headingAt,
  htmlBlockAt,
  isRuleAt,
  isUnderlineAt,
  markerAt,
} from "./block-start.ts";
import type { Block } from "./block.ts";
import type { Container, Leaf } from "./continuation.ts";
import { continuesContainer, continuesLeaf, skipQuoteMark } from "./continuation.ts";
import { Line } from "./line.ts";
import type { Span } from "./span.ts";
import { cellsBetween, isDelimiterRowAt } from "./table.ts";

export interface Outline {
  /** In the order of the text. */
  readonly blocks: readonly Block[];
  /** From here on the text is nested more deeply than anybody writes, or unclear; its length if nowhere. */
  readonly end: number;
}

/** Each line is held against every container: what is nested more deeply takes longer. */
const DEEPEST = 32;

/**
 * The blocks of a text in GitHub's Markdown, with what can hide something in them. Its lines end with line
 * feeds. The steps are those of cmark-gfm, which GitHub renders with: the containers that a line goes on
 * with, then what begins on it, then its text.
 *
 * @param isDefinitions whether a paragraph's text is nothing but definitions of links: then what looks
 *   like the underline of a heading is a paragraph's first line; null ends the outline
 */
export function outline(
  text: string,
  isDefinitions: (paragraph: string) => boolean | null,
): Outline {
  const outliner = new Outliner(text, isDefinitions);
  let start = text.startsWith("\uFEFF") ? 1 : 0;
  while (start < text.length) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    if (!outliner.read(start, end)) return outliner.abandon();
    start = end + 1;
  }
  return outliner.finish();
}

class Outliner {
  readonly #text: string;
  readonly #isDefinitions: (paragraph: string) => boolean | null;
  readonly #line: Line;
  readonly #blocks: Block[] = [];
  readonly #containers: Container[] = [];
  #leaf: Leaf | null = null;
  /** How many containers this line goes on with, those that it opens included. */
  #depth = 0;
  /** Whether this line goes on with the leaf. */
  #inLeaf = false;
  #isLost = false;

  constructor(text: string, isDefinitions: (paragraph: string) => boolean | null) {
    this.#text = text;
    this.#isDefinitions = isDefinitions;
    this.#line = new Line(text);
  }

  /** Takes in a line; false when it is nested too deeply, or cannot be told apart. */
  read(start: number, end: number): boolean {
    this.#line.begin(start, end);
    this.#matchContainers();
    if (this.#closesFence()) return true;
    const isNew = this.#openBlocks();
    if (isNew !== "done") this.#addText(isNew === "opened");
    return !this.#isLost && this.#containers.length <= DEEPEST;
  }

  finish(): Outline {
    return this.#finish(this.#text.length);
  }

  /** Ends the outline before this line, or before the paragraph that it would go on with. */
  abandon(): Outline {
    const paragraph = this.#leaf?.kind === "paragraph" ? this.#leaf : null;
    if (paragraph !== null) this.#leaf = null;
    return this.#finish(paragraph?.lines[0]?.start ?? this.#line.start);
  }

  #finish(end: number): Outline {
    this.#line.begin(end, end);
    this.#depth = 0;
    this.#inLeaf = false;
    this.#closeUnmatched();
    return { blocks: this.#blocks, end };
  }

  #matchContainers(): void {
    this.#depth = 0;
    this.#inLeaf = false;
    for (const container of this.#containers) {
      if (!continuesContainer(container, this.#line, this.#text)) return;
      this.#depth += 1;
    }
    this.#inLeaf = this.#leaf !== null && continuesLeaf(this.#leaf, this.#line, this.#text);
  }

  #closesFence(): boolean {
    const leaf = this.#inLeaf ? this.#leaf : null;
    if (leaf?.kind !== "fence" || this.#line.isIndented) return false;
    if (!closesFence(leaf.fence, this.#text, this.#line.nonspace)) return false;
    leaf.block.code.end = this.#line.start;
    this.#leaf = null;
    return true;
  }

  /** Opens what begins on this line. What it says of the text that is left: none, in something new, or not. */
  #openBlocks(): "done" | "opened" | "same" {
    let isOpened = false;
    // Only a line on which nothing else begins can go on with a paragraph without its marks.
    let mayBeLazy = this.#leaf?.kind === "paragraph";
    for (;;) {
      const leaf = this.#inLeaf ? this.#leaf : null;
      if (leaf !== null && leaf.kind !== "paragraph" && leaf.kind !== "table") break;
      if (!this.#line.isIndented) {
        const opened = this.#openLeaf(leaf) ?? this.#openContainer(leaf?.kind === "paragraph");
        if (opened === "done") return "done";
        if (opened === "html") return "opened";
        if (opened === "paragraph" || opened === null) break;
      } else if (!mayBeLazy && !this.#line.isBlank) {
        this.#open({ kind: "indented" });
        return "done";
      } else {
        break;
      }
      isOpened = true;
      mayBeLazy = false;
      if (this.#containers.length > DEEPEST) return "done";
    }
    return isOpened ? "opened" : "same";
  }

  #openLeaf(leaf: Leaf | null): "done" | "html" | "paragraph" | null {
    const text = this.#text;
    const at = this.#line.nonspace;
    if (this.#line.isBlank || text.charAt(at) === ">") return null;
    const heading = headingAt(text, at);
    if (heading > 0) {
      this.#open(null);
      this.#addBlock(inlineBlock([{ start: at + heading, end: this.#line.end }], false));
      return "done";
    }
    const fence = fenceAt(text, at);
    if (fence !== "") return this.#openFence(fence);
    const type = htmlBlockAt(text, at);
    if (type > 0 && !(type === 7 && leaf?.kind === "paragraph")) {
      const block: Block = { kind: "html", type, lines: [] };
      this.#open({ kind: "html", block });
      this.#addBlock(block);
      return "html";
    }
    if (leaf?.kind === "paragraph" && isUnderlineAt(text, at)) {
      const isDefinitions = this.#isDefinitions(this.#textOf(leaf.lines));
      this.#isLost ||= isDefinitions === null;
      if (isDefinitions === null) return "done";
      if (isDefinitions) return "paragraph";
      this.#open(null);
      return "done";
    }
    if (isRuleAt(text, at)) {
      this.#open(null);
      return "done";
    }
    return null;
  }

  #openFence(fence: string): "done" {
    const { nonspace, end } = this.#line;
    const block: Block = {
      kind: "fence",
      info: { start: nonspace + fence.length, end },
      code: { start: end, end },
    };
    this.#open({ kind: "fence", fence, block });
    this.#addBlock(block);
    return "done";
  }

  #openContainer(interruptsParagraph: boolean): "container" | "done" | null {
    const line = this.#line;
    const text = this.#text;
    const before = line.indent;
    if (text.charAt(line.nonspace) === ">" && !line.isBlank) {
      skipQuoteMark(this.#line, this.#text);
      return this.#push({ kind: "quote" });
    }
    const footnote = line.isBlank ? null : footnoteAt(text, line.nonspace);
    if (footnote !== null) {
      const start = line.nonspace;
      line.goTo(start + footnote.length);
      const { label } = footnote;
      const block: Block = {
        kind: "footnote",
        label,
        mark: { start, end: line.offset },
        end: line.end,
      };
      this.#push({ kind: "footnote", block });
      this.#addBlock(block);
      return "container";
    }
    const marker = line.isBlank ? 0 : markerAt(text, line.nonspace, interruptsParagraph);
    if (marker > 0) {
      line.goTo(line.nonspace + marker);
      const padding = line.padding(marker);
      line.skip(Math.min(line.indent, padding - marker));
      return this.#push({ kind: "item", columns: before + padding, isEmpty: true });
    }
    return this.#openTable();
  }

  #openTable(): "done" | null {
    const leaf = this.#inLeaf ? this.#leaf : null;
    const { nonspace, end, isBlank } = this.#line;
    if (leaf?.kind === "table" && !isBlank) {
      this.#addRow(nonspace, end, leaf.columns);
      return "done";
    }
    if (leaf?.kind !== "paragraph" || !isDelimiterRowAt(this.#text, nonspace)) return null;
    const columns = cellsBetween(this.#text, nonspace, end).length;
    const header = leaf.lines.at(-1);
    if (header === undefined) return null;
    if (cellsBetween(this.#text, header.start, header.end).length !== columns) {
      leaf.hasDelimiters = true;
      return null;
    }
    if (leaf.hasDelimiters) {
      this.#isLost = true;
      return "done";
    }
    // cmark-gfm looks for no definitions in a paragraph that a table cuts short.
    this.#leaf = null;
    this.#addBlock(inlineBlock(leaf.lines.slice(0, -1), false));
    this.#open({ kind: "table", columns });
    this.#addRow(header.start, header.end, columns);
    return "done";
  }

  #addRow(start: number, end: number, columns: number): void {
    const cells = cellsBetween(this.#text, start, end);
    for (const cell of cells.slice(0, columns)) this.#addBlock(inlineBlock([cell], false));
    const surplus = cells[columns];
    if (surplus !== undefined) {
      this.#addBlock({ kind: "surplus", span: { start: surplus.start, end } });
    }
  }

  #addText(isOpened: boolean): void {
    const line = this.#line;
    const leaf = this.#leaf;
    if (leaf?.kind === "paragraph" && !this.#inLeaf && !isOpened && !line.isBlank) {
      // A lazy line: it goes on with the paragraph, whatever containers that is in.
      leaf.lines.push({ start: line.nonspace, end: line.end });
      return;
    }
    if (!this.#inLeaf && !isOpened) this.#closeUnmatched();
    const current = this.#leaf;
    if (current?.kind === "html") {
      current.block.lines.push({ start: line.offset, end: line.end });
      const rest = this.#text.slice(line.nonspace, line.end);
      if (endsHtmlBlock(current.block.type, rest)) this.#leaf = null;
      return;
    }
    if (line.isBlank) return;
    const span = { start: line.nonspace, end: line.end };
    if (current?.kind === "paragraph") current.lines.push(span);
    else if (current === null)
      this.#open({ kind: "paragraph", lines: [span], hasDelimiters: false });
  }

  #push(container: Container): "container" {
    this.#open(null);
    this.#containers.push(container);
    this.#depth += 1;
    return "container";
  }

  /** Closes what this line does not go on with, and opens a leaf or nothing in what it does. */
  #open(leaf: Leaf | null): void {
    this.#inLeaf = false;
    this.#closeUnmatched();
    const parent = this.#containers.at(-1);
    if (parent?.kind === "item") parent.isEmpty = false;
    this.#leaf = leaf;
    this.#inLeaf = leaf !== null;
  }

  #closeUnmatched(): void {
    const end = this.#line.start;
    const leaf = this.#leaf;
    if (leaf?.kind === "paragraph") this.#addBlock(inlineBlock(leaf.lines, true));
    if (leaf?.kind === "fence") leaf.block.code.end = end;
    this.#leaf = null;
    for (const container of this.#containers.splice(this.#depth)) {
      if (container.kind === "footnote") container.block.end = end;
    }
  }

  #addBlock(block: Block): void {
    if (block.kind !== "inline" || block.lines.length > 0) this.#blocks.push(block);
  }

  #textOf(lines: readonly Span[]): string {
    return lines.map(({ start, end }) => this.#text.slice(start, end)).join("\n");
  }
}

function inlineBlock(lines: Span[], mayDefine: boolean): Block {
  return { kind: "inline", lines, mayDefine };
}
