import type { BlockReader } from "./block-reader.ts";
import { isElement, isHidden } from "./element.ts";
import type { Element } from "./element.ts";
import { oneLine } from "./inline.ts";

/** A table as one of Markdown; a table that only arranges blocks, as e-mail has it, as these blocks. */
export function tableBlocks(table: Element, reader: BlockReader): string[] {
  const rows = rowsOf(table).map(cellsOf);
  const caption = table.childNodes.filter(isElement).find(({ tagName }) => tagName === "caption");
  const title = caption === undefined ? [] : reader.blocksOf(caption.childNodes);
  if (rows.some((cells) => cells.some((cell) => reader.holdsBlocks(cell)))) {
    return [...title, ...rows.flat().flatMap((cell) => reader.blocksOf(cell.childNodes))];
  }
  const lines = rows.map((cells) => cells.map(({ childNodes }) => escaped(oneLine(childNodes))));
  const shown = lines.filter((cells) => cells.some((cell) => cell !== ""));
  const [head, ...rest] = shown;
  if (head === undefined) return title;
  const rule = head.map(() => "---");
  return [...title, [head, rule, ...rest].map((cells) => `| ${cells.join(" | ")} |`).join("\n")];
}

function rowsOf(table: Element): Element[] {
  return table.childNodes
    .filter(isElement)
    .flatMap((part) => (part.tagName === "tr" ? [part] : part.childNodes.filter(isElement)))
    .filter((row) => row.tagName === "tr" && !isHidden(row));
}

function cellsOf(row: Element): Element[] {
  return row.childNodes.filter(isElement).filter((cell) => !isHidden(cell));
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|");
}
