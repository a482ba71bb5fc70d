import { parseFragment } from "parse5";
import { createBlockReader } from "./blocks.ts";
import { isBlock, isElement, isVoid } from "./element.ts";
import type { Node } from "./element.ts";
import { textAlone } from "./text-alone.ts";

/** What people see of a document. */
export interface Visible {
  /** Markdown, with the bot's labels between their characters (label.ts). */
  readonly text: string;
  /** False when the document was longer than what is read of it. */
  readonly whole: boolean;
  /** False when it's the text alone: what is quoted or code doesn't look so. */
  readonly hasForm: boolean;
}

/** Far more than what a prompt shows of a text, so that a document costs no more than it's worth. */
const MAX_HTML = 400_000;

/** GitHub nests to about 100; behind it a document is made to be slow. */
const MAX_DEPTH = 150;

/**
 * What people see of the HTML that GitHub made of a text, as Markdown: what is text in there, and nothing else.
 * Comments, titles and alternative texts aren't text. Nothing that looks like Markdown in the text itself is escaped: it
 * is for reading. Deep or broken HTML comes as its text alone. Never throws.
 */
export function visibleIn(html: string): Visible {
  const whole = html.length <= MAX_HTML;
  const read = whole ? html : html.slice(0, html.lastIndexOf("<", MAX_HTML)).toWellFormed();
  const alone = () => ({ text: textAlone(read), whole, hasForm: false });
  if (depthOf(read) > MAX_DEPTH) return alone();
  const { childNodes } = parseFragment(read);
  const { deep, withBlocks } = surveyOf(childNodes);
  if (deep) return alone();
  const text = createBlockReader(withBlocks).blocksOf(childNodes).join("\n\n");
  return { text, whole, hasForm: true };
}

/** About how deep a document goes, before it's parsed: parsing takes the square of that. */
function depthOf(html: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [, end, name = ""] of html.matchAll(/<(\/?)([a-z][a-z0-9-]*)/giu)) {
    if (end === "/") depth = Math.max(0, depth - 1);
    else if (!isVoid(name)) depth += 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** Whether a tree goes too deep, and which of its nodes hold blocks. */
function surveyOf(roots: readonly Node[]) {
  const withBlocks = new Set<Node>();
  const waiting: { readonly node: Node; readonly above: readonly Node[] }[] = [];
  for (const node of roots) waiting.push({ node, above: [] });
  let deep = false;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, above } = next;
    if (above.length > MAX_DEPTH) {
      deep = true;
      break;
    }
    if (isBlock(node)) for (const ancestor of above) withBlocks.add(ancestor);
    if (!isElement(node)) continue;
    const path = [...above, node];
    for (const child of node.childNodes) waiting.push({ node: child, above: path });
  }
  return { deep, withBlocks };
}
