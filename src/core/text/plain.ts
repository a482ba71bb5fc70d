import { decodeHTML } from "entities";
import { withoutInvisible } from "./characters.ts";
import { clean } from "./clean.ts";
import { TAGS } from "./html-tags.ts";
import { codeBlock } from "./quote.ts";
import { addRemoved } from "./removed.ts";
import type { Cleaned, Removed } from "./removed.ts";

/**
 * Text that comes without HTML (titles, names of branches and files, logins), as one line of at most `most`
 * characters, without invisible characters and credentials.
 */
export function cleanLine(text: string, most: number): Cleaned {
  return clean(text, (some) => ({ text: oneLine(some, most), removed: {} }));
}

/**
 * Markdown that GitHub hasn't rendered: as written, without what it would certainly hide. Comments, tags of HTML,
 * texts of images, titles of links and definitions go, in code too: this is for reading, and knows nothing of
 * Markdown's blocks.
 */
export function sourceText(markdown: string): Cleaned {
  return clean(markdown, withoutMarkup);
}

/**
 * The agent's or others' text for a comment: clean, cut at `most` characters, as a code block. "" when there is
 * nothing to show.
 */
export function echo(text: string, most: number): string {
  const shown = clean(text).text.replace(/^(?:[ \t]*\n)+/u, "");
  return codeBlock(cut(shown.trimEnd(), most));
}

/** Each is bounded, or takes the rest of the text with it: none takes long. */
const HIDDEN: readonly (readonly [keyof Removed, RegExp, string])[] = [
  ["hidden_comment", /<!--[\s\S]*?(?:-->|$)/gu, ""],
  ["hidden_comment", /<[!?][^>]*(?:>|$)/gu, ""],
  [
    "hidden_text",
    /<(?<name>script|style|template|title)\b[^>]{0,1000}>[\s\S]*?(?:<\/\k<name>\s*>|$)/giu,
    "",
  ],
  ["image_text", /!\[[^\]\n]{1,1000}\](?:\([^)\n]{0,2000}\)|\[[^\]\n]{0,200}\])?/gu, "[image]"],
  ["hidden_text", new RegExp(`<(?:${TAGS})\\b[^>]{1,2000}>`, "giu"), ""],
  [
    "link_title",
    /(\]\([^\s()]{1,2000})\s+(?:"[^"\n]{0,1000}"|'[^'\n]{0,1000}'|\([^()\n]{0,1000}\))\s*(?=\))/gu,
    "$1",
  ],
  ["unsafe_link", /\]\(\s*<?(?:data|javascript|vbscript):[^)\s]{0,2000}/giu, "]("],
  ["hidden_text", /^ {0,3}\[[^\]\n]{1,1000}\]:[^\n]*(?:\n|$)/gmu, ""],
];

/** Tags without anything in them hide nothing; in other letters they may be the types of a program. */
const BARE_TAG = new RegExp(`</?(?!script|style|template|title)(?:${TAGS})\\s{0,100}/?>`, "gu");

function withoutMarkup(text: string): Cleaned {
  let { text: rest, removed } = withoutHiddenReferences(text.replaceAll(BARE_TAG, ""));
  for (const [kind, pattern, instead] of HIDDEN) {
    const count = [...rest.matchAll(pattern)].length;
    if (count === 0) continue;
    rest = rest.replaceAll(pattern, instead);
    removed = addRemoved(removed, { [kind]: count });
  }
  return { text: rest, removed };
}

/** Without the references to characters that nobody would see. */
function withoutHiddenReferences(text: string): Cleaned {
  let count = 0;
  const rest = text.replaceAll(/&#(?:x[\da-f]{1,6}|\d{1,7});?/giu, (reference) => {
    const isHidden = withoutInvisible(decodeHTML(reference)).text === "";
    if (isHidden) count += 1;
    return isHidden ? "" : reference;
  });
  return { text: rest, removed: count === 0 ? {} : { invisible_character: count } };
}

function oneLine(text: string, most: number): string {
  return cut(text.replaceAll(/[\n\r\t\v\f\u0085\u2028\u2029]+/gu, " ").trim(), most);
}

/** A text, or its beginning with a mark at its end. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const whole = text.slice(0, Math.max(0, most - 1)).replace(/[\uD800-\uDBFF]$/u, "");
  return `${whole.trimEnd()}…`;
}
