import { cut, type Edit } from "./edit.ts";
import type { Block } from "./block.ts";
import { labelKey } from "./label.ts";
import type { Paragraph } from "./paragraph.ts";
import type { Span } from "./span.ts";

type Footnote = Extract<Block, { kind: "footnote" }>;

/** A mark in the text that leads to a footnote. */
export interface FootnoteCall extends Span {
  readonly label: string;
}

/** A call, or a bracket: within brackets a call may belong to the label of a link. Or what is neither. */
const CALL_OR_BRACKET = /\\[!-/:-@[-`{-~]|(?<!!)\[\^([^[\]\s]+)\](?![([:])|[[\]]/gu;

/** A label that GitHub's readers see about the same of: they see numbers only. */
const NUMBER = /^[0-9]{1,4}$/u;

/** The calls in the runs of a paragraph's text that are neither code nor markup. */
export function footnoteCalls(paragraph: Paragraph, runs: readonly Span[]): FootnoteCall[] {
  if (!paragraph.text.includes("[^")) return [];
  const calls: FootnoteCall[] = [];
  let depth = 0;
  let index = 0;
  for (const found of paragraph.text.matchAll(CALL_OR_BRACKET)) {
    const start = found.index;
    const end = start + found[0].length;
    while ((runs[index]?.end ?? Number.POSITIVE_INFINITY) <= start) index += 1;
    const run = runs[index];
    if (run === undefined) break;
    const label = found[1];
    if (found[0] === "[") depth += 1;
    if (found[0] === "]") depth = Math.max(0, depth - 1);
    if (label !== undefined && depth === 0 && run.start <= start && end <= run.end) {
      calls.push({ ...paragraph.inSource({ start, end }), label });
    }
  }
  return calls;
}

/**
 * A footnote that nothing leads to from outside of footnotes goes, as do those that share a label. Labels
 * that are no numbers go with their marks: readers see numbers.
 */
export function footnoteEdits(
  footnotes: readonly Footnote[],
  calls: readonly FootnoteCall[],
): Edit[] {
  const called = new Set(outside(footnotes, calls).map(({ label }) => label));
  const labels = Map.groupBy(footnotes, ({ label }) => labelKey(label));
  const kept = new Set<string>();
  const edits: Edit[] = [];
  for (const { label, mark, end } of footnotes) {
    const isAlone = labels.get(labelKey(label))?.length === 1;
    if (!isAlone || !called.has(label)) {
      edits.push(cut({ start: mark.start, end }, "hidden_text"));
    } else {
      kept.add(label);
      if (!NUMBER.test(label)) edits.push(cut(mark));
    }
  }
  for (const call of calls) {
    if (kept.has(call.label) && !NUMBER.test(call.label)) edits.push(cut(call));
  }
  return edits;
}

function outside(footnotes: readonly Footnote[], calls: readonly FootnoteCall[]): FootnoteCall[] {
  let index = 0;
  let end = 0;
  return calls.filter(({ start }) => {
    for (; (footnotes[index]?.mark.start ?? Number.POSITIVE_INFINITY) <= start; index += 1) {
      end = Math.max(end, footnotes[index]?.end ?? 0);
    }
    return start >= end;
  });
}
