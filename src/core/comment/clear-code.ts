import { cleanLine } from "../text/plain.ts";
import { inlineCode, plainLine } from "../text/quote.ts";

/** Words of others in one line of code, without credentials. */
export function clearCode(text: string): string {
  // Cut last: a credential that is cut can't be recognized.
  return inlineCode(plainLine(cleanLine(text, Infinity).text, 300));
}
