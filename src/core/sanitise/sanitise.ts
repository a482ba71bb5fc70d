import { withLineFeeds, withoutInvisible } from "./characters.ts";
import { withoutCredentials } from "./credentials.ts";
import { InlineReader } from "./inline.ts";
import { withoutMarkup } from "./markup.ts";
import { addRemoved, type Removed, type Sanitised } from "./removed.ts";

export { addRemoved, describeRemoved } from "./removed.ts";
export type { Removed, Sanitised } from "./removed.ts";

/** What one pass uncovers the next one takes out. Texts that people write need two. */
const MOST_PASSES = 10;

/**
 * Markdown by strangers, for a prompt: what GitHub shows of it, as text.
 *
 * Twice is the same as once, with nothing taken out. The first pass sees the text as GitHub does; the
 * others see what is left as anybody else might. Code spans and blocks stay as they are, with their
 * character references and their HTML, but for invisible characters and credentials.
 */
export function sanitise(markdown: string): Sanitised {
  const reader = new InlineReader();
  let text = withLineFeeds(markdown);
  let removed: Removed = {};
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const next = clean(text, (some) => withoutMarkup(some, reader));
    if (next.text === text) return { text, removed };
    text = next.text;
    removed = addRemoved(removed, next.removed);
  }
  return { text: plainWords(text), removed: addRemoved(removed, { unreadable_markup: 1 }) };
}

/**
 * Plain text by strangers that is no Markdown (titles, names of branches and files, logins) as one line
 * of at most `most` characters, without invisible characters and credentials.
 */
export function sanitiseLine(text: string, most: number): Sanitised {
  let line = text;
  let removed: Removed = {};
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const next = clean(line, (some) => ({ text: oneLine(some, most), removed: {} }));
    if (next.text === line) return { text: line, removed };
    line = next.text;
    removed = addRemoved(removed, next.removed);
  }
  return {
    text: oneLine(plainWords(line), most),
    removed: addRemoved(removed, { unreadable_markup: 1 }),
  };
}

/**
 * Text by strangers or by the agent as Markdown for a comment: sanitised, cut at `most` characters, and in
 * a fenced block, so that it is shown as it is. Nothing in it is formatted, mentions or references anything
 * (a backslash would not stop that on GitHub, code does), or becomes a link, an image or HTML. It must
 * stand on lines of its own, outside of lists and quotes. "" when there is nothing to show.
 */
export function echo(text: string, most: number): string {
  const shown = cut(sanitise(text).text.replaceAll(/^(?:[ \t]*\n)+|\s+$/gu, ""), most);
  if (shown === "") return "";
  const longest = Math.max(2, ...[...shown.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${shown}\n${fence}`;
}

function clean(text: string, shape: (text: string) => Sanitised): Sanitised {
  const shaped = shape(text);
  const visible = withoutInvisible(shaped.text);
  const { text: clear, removed } = withoutCredentials(visible.text);
  return { text: clear, removed: addRemoved(addRemoved(shaped.removed, visible.removed), removed) };
}

function oneLine(text: string, most: number): string {
  const line = text.replaceAll(/[\n\r\t\v\f\u0085\u2028\u2029]+/gu, " ").trim();
  return cut(line, most);
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const whole = text.slice(0, Math.max(0, most - 1)).replace(/[\uD800-\uDBFF]$/u, "");
  return `${whole.trimEnd()}…`;
}

/**
 * The last resort for a text that is made to change with every pass: its words. No character is left that
 * could make markup, and no word that is long enough for a credential.
 */
function plainWords(text: string): string {
  const words = text.replaceAll(/[^\p{L}\p{M}\p{N}\s,;?"']+/gu, " ");
  return withoutInvisible(words).text.replaceAll(/[A-Za-z0-9]{16}/gu, "$& ");
}
