/**
 * Somebody else's words as one short line of ordinary characters, for logs and comments: control
 * characters, line breaks and invisible characters (Unicode categories Cc, Cf, Zl, Zp) become spaces.
 */
export function plainLine(text: string, most: number): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).toWellFormed()}…`;
}

/** Inline code in Markdown around any text: nothing in it is formatted, linked, or mentions anybody. */
export function inlineCode(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/gu)].map(([run]) => run.length));
  const ticks = "`".repeat(longest + 1);
  // A space is needed beside a backtick; Markdown takes one off at each end.
  const pad = longest > 0 ? " " : "";
  return `${ticks}${pad}${text}${pad}${ticks}`;
}
