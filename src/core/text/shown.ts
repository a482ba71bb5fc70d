/** How many blanks in a row are shown; more could push what follows out of sight. */
const MAX_BLANKS = 40;

/** How many line ends in a row, with nothing but blanks between them. */
const MAX_LINE_ENDS = 10;

/** How many characters of a line are shown without a break: GitHub doesn't wrap code, it scrolls. */
const MAX_LINE = 120;

const CONTINUED = "⟨continues⟩";

/**
 * What readers can't see or can't tell apart from something else: control characters, format characters (those
 * that change the direction of text too), spaces of other kinds, what Unicode calls ignorable, private and
 * unassigned characters, halves of surrogate pairs, blank letters and signs; and what begins a sign of this
 * file's own. Line feeds and tabs are what they look like.
 */
const ESCAPED =
  /(?![\n\t ])(?:[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800\u{1D159}⟨⟩]|\\(?=u\{))/gu;

/**
 * Any text, whole, so that a person sees all of it: what is invisible as `\u{200B}`, long runs of blanks as
 * `⟨600 spaces⟩`, and long lines in pieces that end with `⟨continues⟩`. Different texts look different: the signs
 * themselves are escaped where they're in the text.
 */
export function shownWhole(text: string): string {
  return text
    .replaceAll(ESCAPED, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return `\\u{${code.toString(16).toUpperCase()}}`;
    })
    .replaceAll(/(?<![ \t])(?:[ \t]*\n)+/gu, withFewLineEnds)
    .replaceAll(/ +|\t+/gu, withFewBlanks)
    .split("\n")
    .map(withBreaks)
    .join("\n");
}

function withFewLineEnds(run: string): string {
  const lines = run.split("\n").length - 1;
  return lines <= MAX_LINE_ENDS ? run : `⟨${lines} line ends⟩\n`;
}

function withFewBlanks(run: string): string {
  if (run.length <= MAX_BLANKS) return run;
  return `⟨${run.length} ${run.startsWith("\t") ? "tabs" : "spaces"}⟩`;
}

/** As many characters as fit, none of them cut in half. */
const PIECE = new RegExp(`.{1,${MAX_LINE}}`, "gu");

function withBreaks(line: string): string {
  return line.length <= MAX_LINE ? line : (line.match(PIECE) ?? []).join(`${CONTINUED}\n`);
}
