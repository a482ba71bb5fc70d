import type { InlineCode, Text } from "mdast";

/**
 * What GitHub makes something of in ordinary text, escaped or not: it looks for these in the HTML that its
 * renderer made. `@name` mentions, `#1`, `GH-1` and commits refer, `:name:` can be an image, `$` begins a formula,
 * `[!NOTE]` a notice, and addresses become links.
 */
const RISKY =
  /@[\w.-]|#\d|gh-\d|:\/\/|www\.|mailto:|xmpp:|(?<![0-9a-z])(?=[0-9a-f]*\d)[0-9a-f]{7,64}(?![0-9a-z])|:(?=[\w+-]*[a-z])[\w+-]+:|\$|\[!/iu;

/** Punctuation around a word is none of it. */
const WORD = /^(?<before>[("'“‘]*)(?<core>.*?)(?<after>[.,;:!?)"'”’]*)$/su;

/** Whether GitHub would make something of a word, or of words, in ordinary text. */
export function isRisky(words: string): boolean {
  return RISKY.test(words);
}

/** A text in which such words are code, and all others are as they are. */
export function withoutRiskyWords(value: string): (Text | InlineCode)[] {
  if (value === "") return [];
  if (!RISKY.test(value)) return [{ type: "text", value }];
  const nodes: (Text | InlineCode)[] = [];
  let plain = "";
  for (const piece of value.split(/(\s+)/u)) {
    if (!RISKY.test(piece)) {
      plain += piece;
      continue;
    }
    const { before = "", core = "", after = "" } = WORD.exec(piece)?.groups ?? {};
    // Of what is risky only with what is around it, e.g. `[!`, nothing stays outside.
    const isWhole = RISKY.test(`${before} ${after}`) || core === "" || !RISKY.test(core);
    if (plain !== "" || (!isWhole && before !== "")) {
      nodes.push({ type: "text", value: plain + (isWhole ? "" : before) });
    }
    nodes.push({ type: "inlineCode", value: isWhole ? piece : core });
    plain = isWhole ? "" : after;
  }
  if (plain !== "") nodes.push({ type: "text", value: plain });
  return nodes;
}
