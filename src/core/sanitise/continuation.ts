import type { Block } from "./block.ts";
import type { Line } from "./line.ts";
import type { Span } from "./span.ts";
import { cellsBetween } from "./table.ts";

/** What holds other blocks, while lines go on with it. */
export type Container =
  | { readonly kind: "quote" }
  | { readonly kind: "item"; readonly columns: number; isEmpty: boolean }
  | { readonly kind: "footnote"; readonly block: Extract<Block, { kind: "footnote" }> };

/** A block of lines, while they go on with it. */
export type Leaf =
  /** One that has had a row of dashes, which was none of a table, may be none later for cmark-gfm. */
  | { readonly kind: "paragraph"; readonly lines: Span[]; hasDelimiters: boolean }
  | { readonly kind: "table"; readonly columns: number }
  | { readonly kind: "indented" }
  | {
      readonly kind: "fence";
      readonly fence: string;
      readonly block: Extract<Block, { kind: "fence" }>;
    }
  | { readonly kind: "html"; readonly block: Extract<Block, { kind: "html" }> };

/** Whether a line goes on with a container; its marks are then behind the line's offset. */
export function continuesContainer(container: Container, line: Line, text: string): boolean {
  switch (container.kind) {
    case "quote":
      return !line.isIndented && skipQuoteMark(line, text);
    case "item":
      if (line.indent >= container.columns) line.skip(container.columns);
      else if (line.isBlank && !container.isEmpty) line.goTo(line.nonspace);
      else return false;
      return true;
    case "footnote":
      if (line.isIndented) line.skip(4);
      else return line.start === line.end;
      return true;
    default:
      return container satisfies never;
  }
}

/** Goes behind the mark of a quote and the space that belongs to it, where there is one. */
export function skipQuoteMark(line: Line, text: string): boolean {
  if (text.charAt(line.nonspace) !== ">" || line.isBlank) return false;
  line.goTo(line.nonspace + 1);
  if (line.isSpace(line.offset)) line.skip(1);
  return true;
}

/** Whether a line goes on with a leaf. */
export function continuesLeaf(leaf: Leaf, line: Line, text: string): boolean {
  switch (leaf.kind) {
    case "fence":
      return true;
    case "indented":
      return line.isIndented || line.isBlank;
    case "html":
      return leaf.block.type <= 5 || !line.isBlank;
    case "paragraph":
      return !line.isBlank;
    case "table":
      return cellsBetween(text, line.nonspace, line.end).length > 0;
    default:
      return leaf satisfies never;
  }
}
