import type { Span } from "./span.ts";

/** A second backslash, and then a quote: cmark-gfm may take the quote for a part of a link's title. */
const BACKSLASHED_QUOTE = /\\\\["')]/u;

/** White space that is some for cmark-gfm in some places, and for the parser in none. */
const ODD_SPACE = /[\v\f]/u;

/** What stands where a link's address would, and what follows it. */
const ADDRESS = /\][(:]\s*(?<address>[^\s<]\S*)(?:\s*$|\s*\n|\s+["'()])/gu;

/** An address that GitHub makes a link of as it stands; it takes in backticks and backslashes. */
const BARE_ADDRESS = /(?:(?:https?|ftp):\/\/|www\.)[^ \t\n\v\f\r<`]*/giu;

/** What could be the end of a link with a title, of a reference, or the beginning of a comment. */
const LINK_END = /\]\(\s*(?:<(?:[^<>\n\\]|\\[^\n])*>|(?=([^\s<]\S*))\1)\s+["'(]|\]\[|<!--/gu;

/** Whether the parser and cmark-gfm find the same links: they differ in parentheses that do not close. */
export function hasCertainLinks(text: string): boolean {
  if (BACKSLASHED_QUOTE.test(text) || ODD_SPACE.test(text)) return false;
  const addresses = text.matchAll(ADDRESS);
  return addresses.every(({ groups }) => !leavesOpen(groups?.["address"] ?? ""));
}

function leavesOpen(address: string): boolean {
  let open = 0;
  for (const [mark] of address.replaceAll(/\\[!-/:-@[-`{-~]/gu, "").matchAll(/[()]/gu)) {
    if (mark === "(") open += 1;
    else if (open > 0) open -= 1;
    else return false;
  }
  return open > 0;
}

/**
 * Where cmark-gfm may find an end of a link or a reference in a paragraph's text that the parser took for
 * text, or a comment without an end; the text's length if nowhere. It loses count of links in links where
 * there are footnotes, and does not see declarations behind a comment without an end.
 *
 * @param known what is no text
 */
export function firstLooseEnd(
  text: string,
  known: readonly Span[],
  hasReferences: boolean,
): number {
  const isKnown = withinOne(known.toSorted((one, other) => one.start - other.start));
  for (const { index, 0: end } of text.matchAll(LINK_END)) {
    if (!isKnown(index) && (end !== "][" || hasReferences)) return index;
  }
  return text.length;
}

/**
 * Where cmark-gfm may begin to find other code spans in a paragraph's text than CommonMark does; the
 * text's length if nowhere. It does so behind a bare address that takes in a backtick. And once it has
 * looked in vain for the end of a code span, it finds each next one, but forgets where others end.
 *
 * @param opaque what the text holds besides text and code: tags
 */
export function firstDoubt(text: string, code: readonly Span[], opaque: readonly Span[]): number {
  const known = [...code, ...opaque].toSorted((one, other) => one.start - other.start);
  const isKnown = withinOne(known);
  const stray = text.includes("`") ? strayRun(text, code, known) : text.length;
  for (const { index, 0: address } of text.matchAll(BARE_ADDRESS)) {
    const next = text.charAt(index + address.length);
    const takesMore = next === "`" || (next === "<" && address.endsWith("\\"));
    if (takesMore && !isKnown(index)) return Math.min(index, stray);
  }
  return stray;
}

/** The first run of backticks that opens nothing, if two code spans follow. */
function strayRun(text: string, code: readonly Span[], known: readonly Span[]): number {
  const lastButOne = code.at(-2)?.start ?? -1;
  const isKnown = withinOne(known);
  for (const { index } of text.matchAll(/`+/gu)) {
    if (index >= lastButOne) break;
    if (!isKnown(index)) return index;
  }
  return text.length;
}

/** Whether growing offsets lie in one of some spans, which are in the order of where they begin. */
function withinOne(spans: readonly Span[]): (offset: number) => boolean {
  let next = 0;
  let end = 0;
  return (offset) => {
    for (; (spans[next]?.start ?? Number.POSITIVE_INFINITY) <= offset; next += 1) {
      end = Math.max(end, spans[next]?.end ?? 0);
    }
    return offset < end;
  };
}
