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

/** Inline code in Markdown around one line of any text: nothing in it is formatted or mentions anybody. */
export function inlineCode(text: string): string {
  if (text === "") return "";
  const longest = Math.max(0, ...[...text.matchAll(/`+/gu)].map(([run]) => run.length));
  const ticks = "`".repeat(longest + 1);
  // A space is needed beside a backtick; Markdown takes one off at each end.
  const pad = longest > 0 ? " " : "";
  return `${ticks}${pad}${text}${pad}${ticks}`;
}
