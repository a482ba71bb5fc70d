import type { Span } from "./span.ts";

/** A piece of Markdown that is read in one way. */
export type Block =
  /**
   * A paragraph, a heading or a cell of a table, line by line without what is before and behind. Only a
   * paragraph may define links.
   */
  | { readonly kind: "inline"; readonly lines: Span[]; readonly mayDefine: boolean }
  /** Raw HTML, line by line; the type is CommonMark's, 1 to 7. */
  | { readonly kind: "html"; readonly type: number; readonly lines: Span[] }
  /** A fenced block: what stands behind the fence that opens it, and the code, which ends with it. */
  | {
      readonly kind: "fence";
      readonly info: Span;
      readonly code: { readonly start: number; end: number };
    }
  /** A footnote: its label between `[^` and `]:`, the mark with the space behind it, and the end of all. */
  | { readonly kind: "footnote"; readonly label: string; readonly mark: Span; end: number }
  /** Cells beyond the columns of their table: GitHub leaves them out. */
  | { readonly kind: "surplus"; readonly span: Span };
