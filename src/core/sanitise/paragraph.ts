import type { Span } from "./span.ts";

/** The lines of a paragraph, a heading or a cell as one text, and where each place in it was. */
export class Paragraph {
  /** The lines joined by line feeds, as long as they are together. A parser would skip a mark of byte order. */
  readonly text: string;
  readonly lines: readonly Span[];
  readonly #starts: number[] = [];

  constructor(source: string, lines: readonly Span[]) {
    let length = 0;
    for (const { start, end } of lines) {
      this.#starts.push(length);
      length += end - start + 1;
    }
    this.lines = lines;
    this.text = lines
      .map(({ start, end }) => source.slice(start, end))
      .join("\n")
      .replaceAll("\uFEFF", "\uFFFD");
  }

  get end(): number {
    return this.lines.at(-1)?.end ?? 0;
  }

  /** What lies between two offsets of this text, from beginning to end and with what is between lines. */
  inSource({ start, end }: Span): Span {
    if (end <= start) {
      const at = this.#offset(start);
      return { start: at, end: at };
    }
    return { start: this.#offset(start), end: this.#offset(end - 1) + 1 };
  }

  /** The same, line by line. */
  linesBetween({ start, end }: Span): Span[] {
    const spans: Span[] = [];
    for (let index = this.#lineAt(start); index < this.lines.length; index += 1) {
      const line = this.lines[index];
      const first = this.#starts[index];
      if (line === undefined || first === undefined || first >= end) break;
      const from = line.start + Math.max(0, start - first);
      const to = Math.min(line.end, line.start + end - first);
      if (from < to) spans.push({ start: from, end: to });
    }
    return spans;
  }

  #offset(offset: number): number {
    const index = this.#lineAt(offset);
    return (this.lines[index]?.start ?? 0) + offset - (this.#starts[index] ?? 0);
  }

  #lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
