import { z } from "zod";

/** A text without blanks around it. */
export const trimmed = z.string().trim();

/** A text that must be there. */
export const required = (cure: string) => trimmed.min(1, { error: cure });

/** A whole number. */
export function wholeFrom(least: number, most: number) {
  return z.coerce
    .number({ error: `must be a whole number from ${least} to ${most}` })
    .int({ error: "must be a whole number" })
    .min(least, { error: `must be at least ${least}` })
    .max(most, { error: `must be at most ${most}` });
}

/** One of some words, in any capitals. */
export function wordOf<const Words extends readonly [string, ...string[]]>(
  words: Words,
  error: string,
) {
  return trimmed.toLowerCase().pipe(z.enum(words, { error }));
}

/**
 * Entries in lower case, each once.
 *
 * @param error for a list with a wrong one
 * @param separator between them: commas or blanks, or only what's given
 */
export function separated(
  isRight: (entry: string) => boolean,
  error: string,
  separator = /[\s,]+/u,
) {
  return trimmed.transform((value, context): readonly string[] => {
    const entries = value
      .toLowerCase()
      .split(separator)
      .filter((one) => one !== "");
    if (entries.every(isRight)) return [...new Set(entries)];
    context.addIssue({ code: "custom", message: error });
    return z.NEVER;
  });
}
