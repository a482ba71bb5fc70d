import { z } from "zod";
import { nearestWord } from "../text/nearest.ts";
import { inlineCode, plainLine } from "../text/quote.ts";

// What the schema is made of. Each message completes a sentence that begins with the setting's name.

/** The most entries of a mapping, and of a list of patterns. */
const MAX_ENTRIES = 50;

export function text(pattern: RegExp, rule: string) {
  return z.string({ error: rule }).regex(pattern, { error: rule });
}

/** A whole number, from 1 by default. */
export function whole(most: number, least = 1) {
  const error = `must be a whole number from ${least} to ${grouped(most)}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

/** `100000` as `100,000`. */
export function grouped(number: number): string {
  return String(number).replaceAll(/(?<=\d)(?=(?:\d{3})+$)/gu, ",");
}

export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: `must be one of ${inSigns(values)}` });
}

export function flag() {
  return z.boolean({ error: "must be `true` or `false`" });
}

/** A mapping with keys of ours. */
export function section<Shape extends z.core.$ZodShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: ({ code, keys }) =>
      code === "unrecognized_keys" && Array.isArray(keys)
        ? unknownKeys(keys.map(String), known)
        : `must be a mapping with the keys ${inSigns(known)}`,
  });
}

/** One line for each key that is unknown. */
function unknownKeys(unknown: readonly string[], known: readonly string[]): string {
  return unknown
    .map((key) => `unknown key ${inlineCode(plainLine(key, 60))}: ${suggestion(key, known)}`)
    .join("\n");
}

/** The nearest of the known words as a question, or all of them when none is near. */
export function suggestion(word: string, known: readonly string[]): string {
  const nearest = nearestWord(word.slice(0, 60).toLowerCase(), known);
  if (nearest !== null) return `did you mean \`${nearest}\`?`;
  return known.length === 1 ? `the only one is ${inSigns(known)}` : `use one of ${inSigns(known)}`;
}

function inSigns(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(", ");
}

/** A mapping with keys of the file's author. */
export function mapOf<Key extends z.core.$ZodRecordKey, Value extends z.core.SomeType>(
  key: Key,
  value: Value,
  what: string,
) {
  return z
    .record(key, value, { error: `must be a mapping of ${what}` })
    .refine((entries) => Object.keys(entries).length <= MAX_ENTRIES, {
      error: `must have at most ${MAX_ENTRIES} entries`,
    })
    .meta({ maxProperties: MAX_ENTRIES });
}

export function listOf<Entry extends z.core.SomeType>(
  entry: Entry,
  what: string,
  most = MAX_ENTRIES,
) {
  return z
    .array(entry, { error: `must be a list of ${what}` })
    .max(most, { error: `must have at most ${most} entries` });
}
