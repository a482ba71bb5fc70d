import type { Span } from "./span.ts";

const DELIMITERS =
  /\|?[ \t\v\f]*:?-+:?[ \t\v\f]*(?:\|[ \t\v\f]*:?-+:?[ \t\v\f]*)*\|?[ \t\v\f]*(?=\n|$)/uy;

/** Whether a line from an offset on is the row of dashes below a table's header. */
export function isDelimiterRowAt(text: string, offset: number): boolean {
  DELIMITERS.lastIndex = offset;
  return DELIMITERS.test(text);
}

/**
 * The cells of a row between two offsets. As in cmark-gfm a pipe with a backslash before it is none that
 * separates, whatever stands before the backslash.
 */
export function cellsBetween(text: string, start: number, end: number): Span[] {
  const cells: Span[] = [];
  let offset = text.charAt(start) === "|" ? endOf(SPACES, text, start + 1) : start;
  while (offset < end) {
    const pipe = endOf(CELL, text, offset);
    cells.push({ start: offset, end: pipe });
    if (pipe >= end) break;
    offset = endOf(SPACES, text, pipe + 1);
  }
  return cells;
}

const CELL = /(?:[^|\n]|(?<=\\)\|)*/uy;
const SPACES = /[ \t\v\f]*/uy;

function endOf(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  pattern.test(text);
  return pattern.lastIndex;
}
