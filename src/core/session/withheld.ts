import type { Withheld } from "../task/asking.ts";
import { withoutInvisible } from "../text/characters.ts";
import { withoutCredentials } from "../text/credentials.ts";

/** How many characters of a request a comment shows, as they came and as they're shown. */
export const MAX_SHOWN = 20_000;

/** Why a comment can't show these parts, each with its name; null when it can. */
export function withheldOf(
  parts: readonly (readonly [name: string, text: string])[],
): Withheld | null {
  const length = parts.reduce((sum, [name, text]) => sum + name.length + text.length, 0);
  if (length > MAX_SHOWN) return "too_long";
  // In pieces, or with invisible characters in it, it's a credential all the same.
  const all = parts.map(([name, text]) => `${name.replace(/^argument /u, "")}=${text}`).join("\n");
  return hasCredential(all) || hasCredential(withoutInvisible(all).text) ? "credential" : null;
}

function hasCredential(text: string): boolean {
  return withoutCredentials(text).removed.credential !== undefined;
}
