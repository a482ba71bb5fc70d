/** A stretch of a text, from an offset to the one behind its end. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
