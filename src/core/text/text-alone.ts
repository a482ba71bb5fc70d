import { Tokenizer } from "parse5";
import type { Token, TokenHandler } from "parse5";
import { isHidden, isVoid } from "./element.ts";
import { withoutLabels } from "./label.ts";

/** What doesn't end a line. */
const INLINE = new Set(
  "a abbr b bdi bdo cite code data del dfn em font g-emoji i ins kbd mark q rp rt ruby s samp small span strike strong sub sup time tt u var wbr".split(
    " ",
  ),
);

/**
 * The text of HTML without its form: in one pass, however deep it goes. What is hidden stays hidden: from the tag that
 * hides it to that tag's end, or to the end of all where there is none.
 */
export function textAlone(html: string): string {
  let text = "";
  let hiddenBy: string | null = null;
  let open = 0;
  const add = (chars: string) => {
    if (hiddenBy === null) text += withoutLabels(chars);
  };
  const tag = (token: Token.TagToken, change: 1 | -1) => {
    const { tagName } = token;
    if (change === 1 && hiddenBy === null && isHidden(token) && !isVoid(tagName))
      hiddenBy = tagName;
    if (tagName === hiddenBy) {
      open += change;
      if (open === 0) hiddenBy = null;
    }
    if (tagName === "img" && !isHidden(token)) add("[image]");
    else if (!INLINE.has(tagName)) add("\n");
  };
  const handler: TokenHandler = {
    onStartTag: (token) => tag(token, 1),
    onEndTag: (token) => tag(token, -1),
    onCharacter: ({ chars }) => add(chars),
    onNullCharacter: () => undefined,
    onWhitespaceCharacter: ({ chars }) => add(chars),
    onComment: () => undefined,
    onDoctype: () => undefined,
    onEof: () => undefined,
  };
  new Tokenizer({}, handler).write(html, true);
  return text
    .replaceAll(/[ \t\r\f]+/gu, " ")
    .replaceAll(/ ?(?:\n ?){2,}/gu, "\n\n")
    .trim();
}
