import type { Removed, RemovedKind } from "./removed.ts";

/** What a text may hide by its form, and which part of what was found would have to be seen. */
const CANDIDATES: readonly (readonly [RemovedKind, RegExp])[] = [
  ["hidden_comment", /<!--(?<inner>[\s\S]*?)(?:-->|$)/gu],
  [
    "hidden_comment",
    /^ {0,3}\[(?:\/\/|comment|#|_)\]:[ \t]*[^\n]{0,200}?["'(](?<inner>[^\n]{1,1000})["')][ \t]*$/gimu,
  ],
  ["image_text", /!\[(?<inner>[^\]\n]{1,1000})\]/gu],
  ["image_text", /<img\b[^>]{0,2000}?\balt\s*=\s*(?:"(?<inner>[^">]{1,1000})"|'[^'>]{1,1000}')/giu],
  ["link_title", /\]\([^\s()]{1,2000}\s+["'(](?<inner>[^"'()\n]{1,1000})["')]\s*\)/gu],
  [
    "link_title",
    /<[a-z][^>]{0,2000}?\btitle\s*=\s*(?:"(?<inner>[^">]{1,1000})"|'[^'>]{1,1000}')/giu,
  ],
  [
    "hidden_text",
    /<[a-z][^>]{0,2000}?\s(?:aria-[a-z]+|data-[a-z-]+|content|label|name|placeholder|summary|value)\s*=\s*"(?<inner>[^">]{1,1000})"/giu,
  ],
  ["hidden_text", /^ {0,3}\[\^[^\]\n]{1,200}\]:[ \t]*(?<inner>[^\n]{1,2000})/gmu],
  [
    "link_title",
    /^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*\S{1,2000}[ \t]+["'(](?<inner>[^\n]{1,1000})["')][ \t]*$/gmu,
  ],
  ["hidden_text", /<\?(?<inner>[\s\S]*?)(?:\?>|$)/gu],
  ["hidden_text", /<!\[CDATA\[(?<inner>[\s\S]*?)(?:\]\]>|$)/gu],
  ["hidden_text", /<![a-z](?<inner>[^>]{0,1000})(?:>|$)/giu],
  ["hidden_text", /<template\b[^>]{0,200}>(?<inner>[\s\S]*?)(?:<\/template|$)/giu],
  ["unsafe_link", /\]\(\s*<?(?<inner>(?:data|javascript|vbscript|file):[^\s()]{1,2000})/giu],
];

/** The longest text that is searched. */
const MAX_SOURCE = 70_000;

/** How many pieces are looked for in what is visible; more aren't counted. */
const MAX_LOOKED_FOR = 300;

/**
 * What a text holds that people don't see, by kind, from its source and what is visible of it. What stands in
 * the visible text as well (in code, most of all) isn't hidden.
 */
export function leftOutOf(source: string, visible: string): Removed {
  const text = source.slice(0, MAX_SOURCE);
  const seen = wordsOf(visible);
  const seenAsWritten = withoutSpace(visible);
  const counts: Partial<Record<RemovedKind, number>> = {};
  let lookedFor = 0;
  for (const [kind, pattern] of CANDIDATES) {
    for (const { groups = {}, 0: all } of text.matchAll(pattern)) {
      lookedFor += 1;
      if (lookedFor > MAX_LOOKED_FOR) return counts;
      const inner = wordsOf(groups["inner"] ?? all);
      const isSeen =
        kind === "hidden_comment"
          ? seenAsWritten.includes(withoutSpace(all))
          : inner === "" || seen.includes(inner);
      if (isSeen) continue;
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
  }
  return counts;
}

/** Letters and digits alone: Markdown changes what is between them. */
function wordsOf(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]+/gu, "").toLowerCase();
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\s+/gu, "");
}
