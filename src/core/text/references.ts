/**
 * What GitHub takes for a mention, a reference, or an address. In Markdown, code protects from that. A title has no code,
 * and what is squashed becomes a commit's message, in which backticks mean nothing.
 */
const BROKEN: readonly (readonly [RegExp, string])[] = [
  [/@(?=[\w-])/gu, "@ "],
  [/#(?=\d)/gu, "# "],
  [/\b(gh)-(?=\d)/giu, "$1 "],
];

/** In a commit's message, these keep workflows from running. An underscore is nothing in Markdown. */
const SKIPPING: typeof BROKEN = [
  [/(?<=\[)(skip|no) (ci|actions)(?=\\?\])/giu, "$1_$2"],
  [/(?<=\[)(ci|actions) (skip)(?=\\?\])/giu, "$1_$2"],
];

const ADDRESSES: readonly (readonly [RegExp, string])[] = [
  [/:(?=\/\/)/gu, ": "],
  [/\b(www)\./giu, "$1 ."],
];

/** A line of others' words that mentions nobody, refers to nothing, and closes nothing, wherever it's put. */
export function withoutReferences(line: string): string {
  return broken(line, [...SKIPPING, ...BROKEN, ...ADDRESSES]);
}

/**
 * Safe Markdown that stays so as text, in a commit's message. Links stay.
 *
 * @param origin of all links in it
 */
export function safeAsText(markdown: string, origin: string): string {
  const link = `](${origin}/`;
  const [first = "", ...others] = broken(markdown, SKIPPING).split(link);
  const rest = others.map((part) => {
    const end = Math.max(part.indexOf(")"), 0);
    return `${link}${part.slice(0, end)}${broken(part.slice(end), BROKEN)}`;
  });
  return [broken(first, BROKEN), ...rest].join("");
}

function broken(text: string, rules: typeof BROKEN): string {
  return rules.reduce((rest, [pattern, instead]) => rest.replaceAll(pattern, instead), text);
}
