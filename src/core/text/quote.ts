/**
 * The one way in which others' words get into the bot's comments: as code, in which nothing is formatted, mentions
 * or references anything, or becomes a link, an image or HTML. (A backslash wouldn't stop that on GitHub.)
 *
 * The limits are those of cmark-gfm, which renders comments on GitHub: it takes the length of a fence for 255 when it's
 * longer (`fence_length` in its blocks.c), and knows no code span of more than 80 backticks (`MAXBACKTICKS` in its
 * inlines.c). Longer runs of backticks are shortened.
 */

/** The longest run of backticks inside a code span, and inside a code block. */
const MAX_RUN = { span: 79, block: 254 };

// eslint-disable-next-line no-control-regex -- ESC is what begins a terminal's control sequence
const TERMINAL_SEQUENCE = /\u001B\[[0-?]*[ -/]*[@-~]/gu;

/**
 * Somebody else's words as one short line of ordinary characters, for logs and comments: terminal
 * sequences go, and control characters, line breaks and invisible characters (Unicode categories Cc,
 * Cf, Zl, Zp, and the variation selectors that no emoji needs) become spaces.
 */
export function plainLine(text: string, most: number): string {
  const line = text
    .replaceAll(TERMINAL_SEQUENCE, "")
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s\u{E0100}-\u{E01EF}]+/gu, " ")
    .trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).toWellFormed()}…`;
}

/** Inline code in Markdown around one line of any text; line breaks become spaces. */
export function inlineCode(text: string): string {
  if (text === "") return "";
  const line = withShortRuns(text, MAX_RUN.span).replaceAll(LINE_ENDS, " ");
  const longest = longestRun(line);
  const ticks = "`".repeat(longest + 1);
  // A space is needed beside a backtick; Markdown takes one off at each end.
  const pad = longest > 0 ? " " : "";
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** Somebody else's name of something (a branch, a label, an account) as inline code. */
export function codeName(name: string): string {
  return inlineCode(plainLine(name, 200));
}

/** Inline code for a cell of a table, which a bar would end even in code. */
export function cellCode(text: string): string {
  return inlineCode(text.replaceAll("\\|", "\\ |")).replaceAll("|", "\\|");
}

/**
 * A fenced code block around any text. It must stand on lines of its own, outside of lists and quotes. "" around
 * nothing.
 *
 * @param language a word of the bot's own behind the fence, e.g. `sh`: never one for which GitHub draws something
 */
export function codeBlock(text: string, language = ""): string {
  if (text === "") return "";
  const shown = withShortRuns(text, MAX_RUN.block);
  const fence = "`".repeat(Math.max(3, longestRun(shown) + 1));
  return `${fence}${language}\n${shown}\n${fence}`;
}

const LINE_ENDS = /\r\n?|\n/gu;

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/gu)].map(([run]) => run.length));
}

function withShortRuns(text: string, most: number): string {
  return text.replaceAll(/`+/gu, (run) => run.slice(0, most));
}
