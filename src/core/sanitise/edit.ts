import { addRemoved, type Removed, type RemovedKind, type Sanitised } from "./removed.ts";
import type { Span } from "./span.ts";

/** What comes in the place of a stretch of text, and what of it is told as taken out. */
export interface Edit extends Span {
  readonly text: string;
  readonly kinds: readonly RemovedKind[];
}

export function cut(span: Span, ...kinds: RemovedKind[]): Edit {
  return { start: span.start, end: span.end, text: "", kinds };
}

/**
 * The text after all the edits. Of those that lie within another, that other counts; those that overlap
 * are one cut. A line of which nothing is left goes with its line break, and a space that an edit puts in
 * goes where there is white space before it.
 */
export function applyEdits(text: string, edits: readonly Edit[]): Sanitised {
  if (edits.length === 0) return { text, removed: {} };
  const parts: string[] = [];
  const counts = new Map<RemovedKind, number>();
  let from = 0;
  for (const edit of withoutOverlaps(edits)) {
    const before = text.slice(from, edit.start);
    if (before !== "") parts.push(before);
    const isSpared = edit.text === " " && /^\s*$/u.test(parts.at(-1)?.at(-1) ?? "");
    if (edit.text !== "" && !isSpared) parts.push(edit.text);
    from = edit.end;
    if (edit.text === "" && startsLine(text, edit.start)) from = skipLineEnd(text, edit.end);
    for (const kind of edit.kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  parts.push(text.slice(from));
  let removed: Removed = {};
  for (const [kind, count] of counts) removed = addRemoved(removed, { [kind]: count });
  return { text: parts.join(""), removed };
}

interface Merged extends Span {
  end: number;
  text: string;
  readonly kinds: RemovedKind[];
}

function withoutOverlaps(edits: readonly Edit[]): Merged[] {
  const sorted = edits.toSorted((one, other) => one.start - other.start || other.end - one.end);
  const apart: Merged[] = [];
  for (const edit of sorted) {
    const last = apart.at(-1);
    // Cuts that touch are one, so that a line made of them goes as a whole.
    const touches = last?.end === edit.start && last.text === "" && edit.text === "";
    if (last === undefined || (edit.start >= last.end && !touches)) {
      apart.push({ ...edit, kinds: [...edit.kinds] });
    } else if (edit.end > last.end) {
      last.end = edit.end;
      last.text = "";
      last.kinds.push(...edit.kinds);
    }
  }
  return apart;
}

const BLANK_END = /[ \t]*(?:\n|$)/uy;

function startsLine(text: string, offset: number): boolean {
  return offset === 0 || text.charAt(offset - 1) === "\n";
}

function skipLineEnd(text: string, offset: number): number {
  BLANK_END.lastIndex = offset;
  return BLANK_END.test(text) ? BLANK_END.lastIndex : offset;
}
