import { withoutInvisible, withLineFeeds } from "./characters.ts";
import { withoutCredentials } from "./credentials.ts";
import { addRemoved, type Cleaned, type Removed } from "./removed.ts";

/** What one pass uncovers the next one takes out. Texts that people write need two. */
const MAX_PASSES = 10;

/**
 * A text without invisible characters and credentials, cleaned until that changes nothing anymore.
 *
 * @param change what else is done to it in each pass, so that the passes see what it makes of it
 */
export function clean(text: string, change: (text: string) => Cleaned = unchanged): Cleaned {
  let clear = withLineFeeds(text);
  let removed: Removed = {};
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const changed = change(clear);
    const visible = withoutInvisible(changed.text);
    const next = withoutCredentials(visible.text);
    if (next.text === clear) return { text: clear, removed };
    clear = next.text;
    for (const some of [changed, visible, next]) removed = addRemoved(removed, some.removed);
  }
  return {
    text: change(plainWords(clear)).text,
    removed: addRemoved(removed, { unreadable_markup: 1 }),
  };
}

function unchanged(text: string): Cleaned {
  return { text, removed: {} };
}

/**
 * The last resort for a text that is made to change with every pass: its words. No character is left that
 * could make markup, and no word that is long enough for a credential.
 */
function plainWords(text: string): string {
  const words = text.replaceAll(/[^\p{L}\p{M}\p{N}\s,;?"']+/gu, " ");
  return withoutInvisible(words).text.replaceAll(/[A-Za-z0-9]{16}/gu, "$& ");
}
