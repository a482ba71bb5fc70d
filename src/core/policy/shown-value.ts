/** A setting's value, for people. */
export type ShownValue =
  /** As it stands in the file. */
  | { readonly type: "code"; readonly text: string }
  /** The bot's own words. */
  | { readonly type: "words"; readonly text: string }
  /** Of more than one list, only what all of them let pass. A list without items lets `empty` pass. */
  | {
      readonly type: "lists";
      readonly lists: readonly (readonly string[])[];
      readonly empty: string;
    }
  | { readonly type: "command"; readonly kind: string; readonly description: string };

/** A value as it stands in the file. */
export function asWritten(value: string | number | boolean): ShownValue {
  return { type: "code", text: String(value) };
}

/** What the bot says of a value. */
export function inWords(text: string): ShownValue {
  return { type: "words", text };
}
