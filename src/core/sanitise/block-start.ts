/**
 * How blocks of Markdown begin and end, as cmark-gfm reads them: GitHub renders with it. Each function
 * looks at one offset of a text and no further than the end of that line.
 */

const SPACE = "[ \\t\\v\\f\\n]";
const BLOCK_TAGS =
  "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|section|source|title|summary|table|tbody|td|tfoot|th|thead|tr|track|ul";
const ATTRIBUTE = `[ \\t\\v\\f]+[a-z_:][a-z0-9:._-]*(?:[ \\t\\v\\f]*=[ \\t\\v\\f]*(?:[^ \\t\\n\\v\\f"'=<>\`]+|'[^'\\n]*'|"[^"\\n]*"))?`;

const VERBATIM_TAG = new RegExp(`<(?:script|pre|textarea|style)(?:${SPACE}|>|$)`, "iuy");
const DECLARATION = /<![A-Z]/uy;
const BLOCK_TAG = new RegExp(`</?(?:${BLOCK_TAGS})(?:${SPACE}|/?>|$)`, "iuy");
const WHOLE_TAG = new RegExp(
  `<(?:[a-z][a-z0-9-]*(?:${ATTRIBUTE})*[ \\t\\v\\f]*/?|/[a-z][a-z0-9-]*[ \\t\\v\\f]*)>[ \\t\\f]*(?:\\n|$)`,
  "iuy",
);
const HEADING = /#{1,6}(?:[ \t]+|(?=\n)|$)/uy;
const UNDERLINE = /(?:=+|-+)[ \t]*(?:\n|$)/uy;
const RULE = /([*_-])(?:[ \t]*\1){2,}[ \t]*(?:\n|$)/uy;
const FENCE = /(?:`{3,}(?=[^`\n]*(?:\n|$))|~{3,})/uy;
const FENCE_END = /(`{3,}|~{3,})[ \t]*(?:\n|$)/uy;
const FOOTNOTE = /\[\^([^\] \n\t]+)\]:[ \t]*/uy;
const MARKER = /(?:[*+-]|(\d{1,9})[.)])(?=[ \t\v\f\n]|$)/uy;
const REST = /[ \t]*(?:\n|$)/uy;

function matchAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(text);
}

/** The number that CommonMark gives to a kind of HTML block, 0 for none; 7 may not interrupt a paragraph. */
export function htmlBlockAt(text: string, offset: number): number {
  if (text.charAt(offset) !== "<") return 0;
  if (matchAt(VERBATIM_TAG, text, offset) !== null) return 1;
  if (text.startsWith("<!--", offset)) return 2;
  if (text.startsWith("<?", offset)) return 3;
  if (matchAt(DECLARATION, text, offset) !== null) return 4;
  if (text.slice(offset, offset + 9).toUpperCase() === "<![CDATA[") return 5;
  if (matchAt(BLOCK_TAG, text, offset) !== null) return 6;
  return matchAt(WHOLE_TAG, text, offset) === null ? 0 : 7;
}

const HTML_ENDS: readonly (RegExp | null)[] = [
  null,
  /<\/(?:script|pre|textarea|style)>/iu,
  /-->/u,
  /\?>/u,
  />/u,
  /\]\]>/u,
];

/** Whether a line holds the end of an HTML block; blocks of kinds 6 and 7 end at a blank line. */
export function endsHtmlBlock(kind: number, line: string): boolean {
  return HTML_ENDS[kind]?.test(line) ?? false;
}

/** Length of the marks of a heading with the white space behind them, 0 for none. */
export function headingAt(text: string, offset: number): number {
  return matchAt(HEADING, text, offset)?.[0].length ?? 0;
}

export function isUnderlineAt(text: string, offset: number): boolean {
  return matchAt(UNDERLINE, text, offset) !== null;
}

export function isRuleAt(text: string, offset: number): boolean {
  return matchAt(RULE, text, offset) !== null;
}

/** The run of backticks or tildes that opens a fenced block, "" for none. */
export function fenceAt(text: string, offset: number): string {
  return matchAt(FENCE, text, offset)?.[0] ?? "";
}

export function closesFence(fence: string, text: string, offset: number): boolean {
  const run = matchAt(FENCE_END, text, offset)?.[1] ?? "";
  // cmark keeps the length in one byte.
  return run.startsWith(fence.charAt(0)) && run.length >= Math.min(fence.length, 255);
}

/** A footnote's mark with the white space behind it, and its label. */
export function footnoteAt(
  text: string,
  offset: number,
): { readonly length: number; readonly label: string } | null {
  const found = matchAt(FOOTNOTE, text, offset);
  return found === null ? null : { length: found[0].length, label: found[1] ?? "" };
}

/** Length of a list item's marker, 0 for none. An item that is blank or starts not with 1 interrupts nothing. */
export function markerAt(text: string, offset: number, interruptsParagraph: boolean): number {
  const found = matchAt(MARKER, text, offset);
  if (found === null) return 0;
  const { length } = found[0];
  if (!interruptsParagraph) return length;
  const number = found[1];
  if (number !== undefined && Number(number) !== 1) return 0;
  return matchAt(REST, text, offset + length) === null ? length : 0;
}
