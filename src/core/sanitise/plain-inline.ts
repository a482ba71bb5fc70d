import type { Span } from "./span.ts";

/** What can be told of a paragraph's text without a parser. */
export interface PlainReading {
  /** Code spans, with their backticks. */
  readonly code: readonly Span[];
  /** Tags without attributes. */
  readonly html: readonly Span[];
  /**
   * Up to here everything is text, code, such a tag, or a link whose address may stand; the length of the
   * text if all is.
   */
  readonly end: number;
}

/** cmark takes a longer run of backticks for text. */
const LONGEST_RUN = 80;

/** An address behind a label that may stand as it is, whether GitHub makes a link of it or not. */
const ADDRESS =
  /\]\((?:(?:https?|mailto):(?:[A-Za-z0-9\-._~:/?#@$!&*+,=%]|\[redacted\])*|[A-Za-z0-9\-._~/?#@$!&*+,=%]*)\)/iuy;
const EMPTY_LABEL = /\[\s*\]\(/uy;

const TAG = /<(?:[A-Za-z][A-Za-z0-9-]*[ \t\n]*\/?|\/[A-Za-z][A-Za-z0-9-]*[ \t\n]*)>/uy;
const NEXT = /[`\\<![\]]/gu;
const PUNCTUATION = /[!-/:-@[-`{-~]/u;

/**
 * Reads a paragraph's text from left to right as far as it holds nothing but words, code spans, plain links
 * and plain tags. Most paragraphs are read to their end, at a fraction of the parser's time.
 */
export function readPlainly(text: string, mayDefine: boolean): PlainReading {
  const code: Span[] = [];
  const html: Span[] = [];
  const runs = new BacktickRuns(text);
  let at = 0;
  for (;;) {
    NEXT.lastIndex = at;
    const found = NEXT.exec(text);
    if (found === null) return { code, html, end: text.length };
    const start = found.index;
    switch (found[0]) {
      case "\\":
        at = start + (PUNCTUATION.test(text.charAt(start + 1)) ? 2 : 1);
        break;
      case "`": {
        const length = runs.lengthAt(start);
        if (length > LONGEST_RUN) return { code, html, end: start };
        const closing = runs.next(start + length, length);
        at = closing === -1 ? start + length : closing + length;
        if (closing !== -1) code.push({ start, end: at });
        break;
      }
      default: {
        const length = plainLength(text, start, mayDefine);
        if (length === 0) return { code, html, end: start };
        at = start + length;
        if (found[0] === "<" && length > 1) html.push({ start, end: at });
      }
    }
  }
}

/** How much of what may be markup is none, or is harmless; 0 for what the parser must look at. */
function plainLength(text: string, at: number, mayDefine: boolean): number {
  switch (text.charAt(at)) {
    case "<":
      TAG.lastIndex = at;
      return TAG.exec(text)?.[0].length ?? (/[A-Za-z/!?]/u.test(text.charAt(at + 1)) ? 0 : 1);
    case "!":
      return text.charAt(at + 1) === "[" ? 0 : 1;
    case "[": {
      // A link without a text, or what may be a definition, at the beginning.
      EMPTY_LABEL.lastIndex = at;
      return EMPTY_LABEL.test(text) || (mayDefine && at === 0 && text.includes("]:")) ? 0 : 1;
    }
    default:
      return lengthBehindLabel(text, at);
  }
}

function lengthBehindLabel(text: string, at: number): number {
  if (text.charAt(at + 1) !== "(") return 1;
  ADDRESS.lastIndex = at;
  return ADDRESS.exec(text)?.[0].length ?? 0;
}

interface Run {
  readonly start: number;
  readonly length: number;
}

/** The runs of backticks in a text, found once however often they are asked for. */
class BacktickRuns {
  readonly #text: string;
  /** By length, the last one first. */
  #starts: Map<number, Run[]> | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  lengthAt(start: number): number {
    let end = start;
    while (this.#text.charAt(end) === "`") end += 1;
    return end - start;
  }

  /** Where the next run of this length begins, -1 if there is none. */
  next(from: number, length: number): number {
    const runs = this.#all().get(length) ?? [];
    while ((runs.at(-1)?.start ?? from) < from) runs.pop();
    return runs.at(-1)?.start ?? -1;
  }

  #all(): Map<number, Run[]> {
    if (this.#starts !== null) return this.#starts;
    this.#starts = Map.groupBy(
      [...this.#text.matchAll(/`+/gu)]
        .map(({ index, 0: { length } }) => ({ start: index, length }))
        .toReversed(),
      ({ length }) => length,
    );
    return this.#starts;
  }
}
