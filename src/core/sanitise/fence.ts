import { cut, type Edit } from "./edit.ts";
import type { Span } from "./span.ts";

/** The name of a language, and how much of it GitHub's readers could miss. */
const LANGUAGE = /^[ \t]*[A-Za-z0-9+#._-]{1,20}(?=[ \t]|$)/u;

/** Comments of Mermaid, and what it says to screen readers only: GitHub draws these blocks. */
const DRAWN = /^[ \t]*mermaid\b/iu;
const NOT_DRAWN = /^[ \t>]*(?:%%|acc(?:Title|Descr)[ \t]*:).*$/gmu;

/**
 * What a fenced block holds that is not shown: what stands behind the name of the language, and in a
 * drawing its comments.
 */
export function fenceEdits(text: string, info: Span, code: Span): Edit[] {
  const edits: Edit[] = [];
  const line = text.slice(info.start, info.end);
  const language = LANGUAGE.exec(line)?.[0] ?? "";
  const rest = line.slice(language.length);
  if (rest.trim() !== "") {
    edits.push(cut({ start: info.start + language.length, end: info.end }, "hidden_text"));
  }
  if (!DRAWN.test(language)) return edits;
  for (const comment of text.slice(code.start, code.end).matchAll(NOT_DRAWN)) {
    const start = code.start + comment.index;
    edits.push(cut({ start, end: start + comment[0].length }, "hidden_comment"));
  }
  return edits;
}
