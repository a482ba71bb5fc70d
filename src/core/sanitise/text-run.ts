import type { Edit } from "./edit.ts";
import { decodeEntities } from "./entities.ts";
import type { Paragraph } from "./paragraph.ts";
import type { Span } from "./span.ts";

/** What begins a tag, a declaration or an instruction, where there is none that ends. */
const MARK = /<(?=[A-Za-z/!?])/gu;
const COMMENT = "<!--";

/** What lies between spans, from the beginning of a text to its end. */
export function between(spans: readonly Span[], end: number): Span[] {
  const runs: Span[] = [];
  let from = 0;
  for (const span of spans.toSorted((one, other) => one.start - other.start)) {
    if (span.start > from) runs.push({ start: from, end: Math.min(span.start, end) });
    from = Math.max(from, span.end);
  }
  if (from < end) runs.push({ start: from, end });
  return runs;
}

/**
 * Changes to a run of a paragraph's text that is neither code nor markup: character references are decoded,
 * and a space is put behind a `<` that might begin a tag for others than GitHub.
 */
export function textRunEdits(source: string, paragraph: Paragraph, run: Span): Edit[] {
  return paragraph.linesBetween(run).flatMap(({ start, end }) => {
    const text = source.slice(start, end);
    if (!/[&<]/u.test(text)) return [];
    // A mark that comes out of decoding was text for all readers. Only a comment stays one, and goes.
    const tidy = decodeEntities(text).replaceAll(MARK, (mark, at: number, whole: string) =>
      whole.startsWith(COMMENT, at) ? mark : `${mark} `,
    );
    return tidy === text ? [] : [{ start, end, text: tidy, kinds: [] }];
  });
}
