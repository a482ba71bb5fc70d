import type { Node } from "./element.ts";

/** Reads the blocks of a document; it's known which inline elements hold blocks, as HTML by hand may. */
export interface BlockReader {
  /** Markdown, block by block. */
  blocksOf(nodes: readonly Node[]): string[];
  holdsBlocks(node: Node): boolean;
}
