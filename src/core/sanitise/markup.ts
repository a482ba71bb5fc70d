import { applyEdits, cut, type Edit } from "./edit.ts";
import { fenceEdits } from "./fence.ts";
import { type FootnoteCall, footnoteCalls, footnoteEdits } from "./footnote.ts";
import { readHtml } from "./html.ts";
import {
  type InlineReader,
  type InlineReading,
  isSuspicious,
  labelKey,
  mayDefine,
} from "./inline.ts";
import { type Block, outline } from "./outline.ts";
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

/** Instructions and declarations: HTML and Markdown do not agree where they end. */
const DECLARATION = /<[?!](?!--)/u;

/** What may lead to a definition that could not be read. */
const REFERENCE = /\]\[|!\[/u;

class Markup {
  readonly #text: string;
  readonly #reader: InlineReader;
  readonly #edits: Edit[] = [];
  readonly #html: (readonly Span[])[] = [];
  readonly #footnotes: Footnote[] = [];
  readonly #calls: FootnoteCall[] = [];
  /** Where links lead, by the keys of their labels. */
  readonly #addresses = new Map<string, string>();
  readonly #definitions: (Span & { readonly key: string; readonly hasTitle: boolean })[] = [];
  readonly #usedKeys = new Set<string>();
  #knowsDefinitions = true;

  constructor(text: string, reader: InlineReader) {
    this.#text = text;
    this.#reader = reader;
  }

  edits(): Edit[] {
    const text = this.#text;
    const { blocks, end } = outline(text, (paragraph) => this.#reader.isDefinitions(paragraph));
    if (end < text.length) this.#lose(end);
    for (const block of blocks) if (block.kind === "inline") this.#define(block.lines);
    for (const block of blocks) this.#read(block);
    for (const { key, hasTitle, ...span } of this.#definitions) {
      if (!this.#usedKeys.has(key)) this.#edits.push(cut(span, "hidden_text"));
      else this.#edits.push(hasTitle ? cut(span, "link_title") : cut(span));
    }
    this.#edits.push(...footnoteEdits(this.#footnotes, this.#calls));
    this.#edits.push(...readHtml(text, this.#html));
    return this.#edits;
  }

  #lose(start: number): void {
    this.#edits.push(cut({ start, end: this.#text.length }, "unreadable_markup"));
  }

  #define(lines: readonly Span[]): void {
    if (!mayDefine(this.#sourceOf(lines))) return;
    const paragraph = new Paragraph(this.#text, lines);
    const { definitions, end } = this.#reader.read(paragraph.text, new Map());
    if (end === 0) this.#knowsDefinitions = false;
    for (const { label, address } of definitions) {
      const key = labelKey(label);
      if (!this.#addresses.has(key)) this.#addresses.set(key, address);
    }
  }

  #read(block: Block): void {
    switch (block.kind) {
      case "inline":
        this.#readInline(block.lines);
        return;
      case "html":
        this.#html.push(block.lines);
        if (block.type >= 3 && block.type <= 5) {
          this.#edits.push(cut(spanOf(block.lines), "hidden_comment"));
        }
        return;
      case "fence":
        this.#edits.push(...fenceEdits(this.#text, block.info, block.code));
        return;
      case "footnote":
        this.#footnotes.push(block);
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

  #readInline(lines: readonly Span[]): void {
    const source = this.#sourceOf(lines);
    const mayRefer = this.#addresses.size > 0 && source.includes("[");
    if (!mayRefer && !isSuspicious(source)) return;
    const paragraph = new Paragraph(this.#text, lines);
    const { text } = paragraph;
    const reading = this.#reader.read(text, this.#addresses);
    const unknown = this.#knowsDefinitions ? -1 : text.search(REFERENCE);
    const end = unknown === -1 ? reading.end : Math.min(reading.end, text.indexOf("["));
    if (end < text.length) this.#loseRest(paragraph, end);
    for (const edit of reading.edits) this.#edits.push({ ...edit, ...paragraph.inSource(edit) });
    for (const span of reading.html) this.#html.push(paragraph.linesBetween(span));
    this.#readDefinitions(paragraph, reading);
    const { edits, html, code, definitions } = reading;
    const runs = between([...edits, ...html, ...code, ...definitions], end);
    for (const run of runs) this.#edits.push(...textRunEdits(this.#text, paragraph, run));
    this.#calls.push(...footnoteCalls(paragraph, runs));
  }

  #loseRest(paragraph: Paragraph, end: number): void {
    const span = paragraph.inSource({ start: end, end: paragraph.text.length });
    if (DECLARATION.test(paragraph.text.slice(end))) this.#lose(span.start);
    else this.#edits.push(cut(span, "unreadable_markup"));
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
