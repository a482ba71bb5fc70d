import type { CST } from "yaml";

/** What is to be said of a YAML text before it is composed: no composing is needed to see it. */
export interface TokenSurvey {
  readonly remarks: readonly { readonly offset: number; readonly message: string }[];
  /** Whether the text must not be composed. */
  readonly isHopeless: boolean;
}

/** Deeper than any policy needs; the composer takes a stack frame for each level. */
const MAX_DEPTH = 10;

const REFUSED: Partial<Record<CST.Token["type"], string>> = {
  alias:
    "aliases aren't supported: write out the value, and put a pattern that begins with `*` in quotes",
  anchor:
    "anchors aren't supported: repeat the value, and put a value that begins with `&` in quotes",
  tag: "tags aren't supported: write the value only, and put a value that begins with `!` in quotes",
  directive: "directives aren't supported: remove the line that begins with `%`",
};

/** Looks at a text's tokens for what this file's YAML does without, and for too many levels. */
export function surveyTokens(tokens: readonly CST.Token[]): TokenSurvey {
  const remarks: { offset: number; message: string }[] = [];
  const left = tokens.toReversed().map((token) => ({ token, depth: 0 }));
  let documents = 0;
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { token, depth } = next;
    const refused = REFUSED[token.type];
    if (refused !== undefined) remarks.push({ offset: token.offset, message: refused });
    if (token.type === "directive") return { remarks, isHopeless: true };
    if (token.type === "document") documents += 1;
    if (documents > 1) {
      const message = "a second document begins here: use one document only";
      return { remarks: [...remarks, { offset: token.offset, message }], isHopeless: true };
    }
    const inside = depth + ("items" in token ? 1 : 0);
    if (inside > MAX_DEPTH) {
      const message = `more than ${MAX_DEPTH} levels deep`;
      return { remarks: [...remarks, { offset: token.offset, message }], isHopeless: true };
    }
    for (const part of partsOf(token).toReversed()) left.push({ token: part, depth: inside });
  }
  return { remarks, isHopeless: false };
}

function partsOf(token: CST.Token): CST.Token[] {
  if ("items" in token) {
    return token.items.flatMap(({ start, key, sep, value }) =>
      [...start, key, ...(sep ?? []), value].filter((part) => part !== undefined && part !== null),
    );
  }
  if (token.type === "document") {
    return [...token.start, ...(token.value === undefined ? [] : [token.value])];
  }
  return token.type === "block-scalar" ? token.props : [];
}
