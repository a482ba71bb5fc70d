const TAB = 9;
const SPACE = 32;
const TAB_STOP = 4;

/**
 * A place in a line of Markdown, with its column: a tab reaches to the next multiple of four, and a
 * container may take a part of it (CommonMark, "Tabs").
 */
export class Line {
  readonly #text: string;
  /** The offsets of the line's beginning and end, without the line break. */
  start = 0;
  end = 0;
  offset = 0;
  #column = 0;
  /** The first character from here on that is neither space nor tab. */
  nonspace = 0;
  /** How many columns it is away. */
  indent = 0;

  constructor(text: string) {
    this.#text = text;
  }

  begin(start: number, end: number): void {
    this.start = start;
    this.end = end;
    this.offset = start;
    this.#column = 0;
    this.measure();
  }

  get isBlank(): boolean {
    return this.nonspace >= this.end;
  }

  get isIndented(): boolean {
    return this.indent >= TAB_STOP;
  }

  /** The character at an offset, or NaN beyond the end of the line. */
  code(offset: number): number {
    return offset < this.end ? this.#text.charCodeAt(offset) : Number.NaN;
  }

  isSpace(offset: number): boolean {
    const code = this.code(offset);
    return code === SPACE || code === TAB;
  }

  measure(): void {
    let offset = this.offset;
    let column = this.#column;
    for (; offset < this.end; offset += 1) {
      const code = this.#text.charCodeAt(offset);
      if (code === SPACE) column += 1;
      else if (code === TAB) column += TAB_STOP - (column % TAB_STOP);
      else break;
    }
    this.nonspace = offset;
    this.indent = column - this.#column;
  }

  /** Goes on to an offset in the line. */
  goTo(offset: number): void {
    for (; this.offset < offset; this.offset += 1) {
      const isTab = this.code(this.offset) === TAB;
      this.#column += isTab ? TAB_STOP - (this.#column % TAB_STOP) : 1;
    }
    this.measure();
  }

  /** Goes on by as many columns, into a tab if need be. */
  skip(columns: number): void {
    let left = columns;
    while (left > 0 && this.offset < this.end) {
      const isTab = this.code(this.offset) === TAB;
      const width = isTab ? TAB_STOP - (this.#column % TAB_STOP) : 1;
      this.#column += Math.min(width, left);
      if (width <= left) this.offset += 1;
      left -= width;
    }
    this.measure();
  }

  /** Where a list item's text begins behind its marker of `width` characters, as columns from there. */
  padding(width: number): number {
    const gap = this.indent;
    return this.isBlank || gap < 1 || gap > 4 ? width + 1 : width + gap;
  }
}
