import { applyEdits, cut, type Edit } from "./edit.ts";
import { fenceEdits } from "./fence.ts";
import { type FootnoteCall, footnoteCalls, footnoteEdits } from "./footnote.ts";
import { readHtml } from "./html.ts";
import { labelKey } from "./label.ts";
import {
  type InlineReader,
  type InlineReading,
  isSuspicious,
  mayDefineLinks,
  usableAddress,
} from "./inline.ts";
import type { Block } from "./block.ts";
import { outline } from "./outline.ts";
import { Paragraph } from "./paragraph.ts";
import type { Sanitised } from "./removed.ts";
import type { Span } from "./span.ts";
import { between, textRunEdits } from "./text-run.ts";

type Footnote = Extract<Block, { kind: "footnote" }>;

/**
 * The text without what GitHub does not show of it, once through: comments, tags with their attributes,
 * hidden elements, texts of images and tooltips, addresses that are none to read, definitions of links and
 * footnotes that nothing leads to, what stands behind a fence and its language, cells that have no column.
 * Character references outside code are decoded. What this leaves may have become markup by it.
 */
export function withoutMarkup(text: string, reader: InlineReader): Sanitised {
  return applyEdits(text, new Markup(text, reader).edits());
}

/** What may hide more than the paragraph that it is in: instructions, raw text, hidden elements. */
const FAR_REACHING =
  /<(?:[?!](?!--)|iframe|no|plaintext|script|style|textarea|title|xmp)|hidden|style|class|color/iu;

/** What may lead to a definition that could not be read. */
const REFERENCE = /\]\[|!\[/u;

/** The lines of a piece of HTML, and the footnote that it is in. */
interface Html {
  readonly lines: readonly Span[];
  readonly footnote: Footnote | undefined;
}

class Markup {
  readonly #text: string;
  readonly #reader: InlineReader;
  readonly #edits: Edit[] = [];
  readonly #html: Html[] = [];
  readonly #footnotes: Footnote[] = [];
  /** Those that the place is in which is being read. */
  readonly #openFootnotes: Footnote[] = [];
  readonly #calls: FootnoteCall[] = [];
  /** Where links lead, by the keys of their labels. */
  readonly #addresses = new Map<string, string>();
  readonly #definitions: (Span & { readonly key: string; readonly hasTitle: boolean })[] = [];
  readonly #usedKeys = new Set<string>();
  #knowsDefinitions = true;
  #isLost = false;

  constructor(text: string, reader: InlineReader) {
    this.#text = text;
    this.#reader = reader;
  }

  edits(): Edit[] {
    const text = this.#text;
    const { blocks, end } = outline(text, (paragraph) => this.#reader.isDefinitions(paragraph));
    if (end < text.length) this.#lose(end);
    for (const block of blocks)
      if (block.kind === "inline" && block.mayDefine) this.#define(block.lines);
    for (const block of blocks) this.#read(block);
    for (const { key, hasTitle, ...span } of this.#definitions) {
      if (!this.#usedKeys.has(key)) this.#edits.push(cut(span, "hidden_text"));
      else this.#edits.push(hasTitle ? cut(span, "link_title") : cut(span));
    }
    const isClosed = this.#readHtml();
    this.#edits.push(...footnoteEdits(this.#footnotes, isClosed ? this.#calls : []));
    return this.#edits;
  }

  /** GitHub puts the footnotes behind all the rest: what is open there would hide them. */
  #readHtml(): boolean {
    let isClosed = !this.#isLost;
    for (const pieces of Map.groupBy(this.#html, ({ footnote }) => footnote).values()) {
      const reading = readHtml(
        this.#text,
        pieces.map(({ lines }) => lines),
      );
      this.#edits.push(...reading.edits);
      isClosed &&= reading.isClosed;
    }
    return isClosed;
  }

  #addHtml(lines: readonly Span[]): void {
    const start = lines[0]?.start ?? 0;
    const open = this.#openFootnotes;
    while ((open.at(-1)?.end ?? Number.POSITIVE_INFINITY) <= start) open.pop();
    this.#html.push({ lines, footnote: open.at(-1) });
  }

  #lose(start: number): void {
    this.#isLost = true;
    this.#edits.push(cut({ start, end: this.#text.length }, "unreadable_markup"));
  }

  #define(lines: readonly Span[]): void {
    if (!mayDefineLinks(this.#sourceOf(lines))) return;
    const paragraph = new Paragraph(this.#text, lines);
    const { definitions, end } = this.#reader.read(paragraph.text, true, new Map());
    if (end === 0) this.#knowsDefinitions = false;
    for (const { label, address } of definitions) {
      const key = labelKey(label);
      if (!this.#addresses.has(key)) this.#addresses.set(key, usableAddress(address));
    }
  }

  #read(block: Block): void {
    switch (block.kind) {
      case "inline":
        this.#readInline(block.lines, block.mayDefine);
        return;
      case "html":
        this.#addHtml(block.lines);
        // Its end is not the same in all versions of cmark-gfm.
        if (/^\s*<textarea/iu.test(this.#sourceOf(block.lines)))
          this.#lose(spanOf(block.lines).start);
        if (block.type >= 3 && block.type <= 5) {
          this.#edits.push(cut(spanOf(block.lines), "hidden_comment"));
        }
        return;
      case "fence":
        this.#edits.push(...fenceEdits(this.#text, block.info, block.code));
        return;
      case "footnote":
        this.#footnotes.push(block);
        this.#openFootnotes.push(block);
        return;
      case "surplus": {
        const { start, end } = block.span;
        if (this.#text.slice(start, end).trim() !== "") {
          this.#edits.push(cut(block.span, "hidden_text"));
        }
      }
    }
  }

  #sourceOf(lines: readonly Span[]): string {
    const { start, end } = spanOf(lines);
    return this.#text.slice(start, end);
  }

  #readInline(lines: readonly Span[], mayDefine: boolean): void {
    const source = this.#sourceOf(lines);
    const mayRefer = this.#addresses.size > 0 && source.includes("[");
    if (!mayRefer && !isSuspicious(source)) return;
    const paragraph = new Paragraph(this.#text, lines);
    const { text } = paragraph;
    const reading = this.#reader.read(text, mayDefine, this.#addresses);
    const unknown = this.#knowsDefinitions ? -1 : text.search(REFERENCE);
    const end = unknown === -1 ? reading.end : Math.min(reading.end, text.indexOf("["));
    if (end < text.length) this.#loseRest(paragraph, end);
    for (const edit of reading.edits) this.#edits.push({ ...edit, ...paragraph.inSource(edit) });
    for (const span of reading.html) this.#addHtml(paragraph.linesBetween(span));
    this.#readDefinitions(paragraph, reading);
    const { edits, html, code, definitions } = reading;
    const runs = between([...edits, ...html, ...code, ...definitions], end);
    for (const run of runs) this.#edits.push(...textRunEdits(this.#text, paragraph, run));
    this.#calls.push(...footnoteCalls(paragraph, runs));
  }

  #loseRest(paragraph: Paragraph, end: number): void {
    const span = paragraph.inSource({ start: end, end: paragraph.text.length });
    const rest = paragraph.text.slice(end);
    if (FAR_REACHING.test(rest)) this.#lose(span.start);
    else
      this.#edits.push(cut(span, rest.startsWith("<!--") ? "hidden_comment" : "unreadable_markup"));
  }

  #readDefinitions(paragraph: Paragraph, { definitions, references }: InlineReading): void {
    for (const label of references) this.#usedKeys.add(labelKey(label));
    for (const { start, end, label, hasTitle } of definitions) {
      // Without the indent of the line that follows: it would be that of code.
      const next =
        end < paragraph.text.length ? paragraph.inSource({ start: end, end }).start : paragraph.end;
      const span = { start: paragraph.inSource({ start, end: start }).start, end: next };
      this.#definitions.push({ ...span, key: labelKey(label), hasTitle });
    }
  }
}

function spanOf(lines: readonly Span[]): Span {
  return { start: lines[0]?.start ?? 0, end: lines.at(-1)?.end ?? 0 };
}
