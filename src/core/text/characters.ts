import type { Removed, Cleaned } from "./removed.ts";

/** Scripts that write a joiner or a non-joiner between two of their letters. */
const JOINING =
  "Arab Beng Cakm Deva Gujr Guru Khmr Knda Kthi Mand Mlym Mong Mymr Nkoo Orya Phag Rohg Sinh Sund Syrc Taml Telu Tibt Tirh";

const joiningLetter = `[${JOINING.split(" ")
  .map((script) => `\\p{Script=${script}}`)
  .join("")}]`;

/** Signs that kill a consonant's vowel: behind one a joiner makes another form of the letter, at the end of a word too. */
const VIRAMAS =
  "[\\u094D\\u09CD\\u0A4D\\u0ACD\\u0B4D\\u0BCD\\u0C4D\\u0CCD\\u0D4D\\u0DCA\\u1039\\u17D2]";

/** The pictures of which emoji are put together. */
const PICTURE = "\\p{Extended_Pictographic}";

/**
 * The selectors and joiners that readers see the effect of: one joiner between two letters of a script
 * that has need of it or between two emoji, one selector behind an emoji or within a keycap. As each
 * must stand beside something visible, few choices can be hidden behind a letter: three behind most, 35 behind one of Han.
 */
const KEPT = [
  `(?<=${joiningLetter})[\\u200C\\u200D](?=${joiningLetter})`,
  `(?<=${VIRAMAS})[\\u200C\\u200D]`,
  // Selectors of variants: one behind a Han or a Mongolian letter, or a sign that has variants. Mongolian's vowel separator.
  "(?<=\\p{Script=Han})[\\u{E0100}-\\u{E011F}\\uFE00-\\uFE02]",
  "(?<=\\p{Script=Mongolian})[\\u180B-\\u180D\\u180F]",
  "(?<=\\p{Script=Mongolian})\\u180E(?=\\p{Script=Mongolian})",
  "(?<=(?![\\0-\\x7F])[\\p{Script=Myanmar}\\p{Script=Phags_Pa}\\p{Sm}\\u3001\\u3002\\uFF01\\uFF0C\\uFF0E\\uFF1A\\uFF1B\\uFF1F])[\\uFE00\\uFE01]",
  // The three flags that are spelled with tags: of England, Scotland and Wales.
  `\\u{1F3F4}(?:${["eng", "sct", "wls"].map((name) => tags(`gb${name}`)).join("|")})\\u{E007F}`,
  `(?<=${PICTURE}[\\uFE0F\\p{Emoji_Modifier}]?)\\u200D(?=${PICTURE})`,
  `(?<=${PICTURE})[\\uFE0E\\uFE0F]`,
  "(?<=[0-9#*])\\uFE0F(?=\\u20E3)",
  // Signs that stand around numbers in Arabic, Syriac and Kaithi; Unicode lists them as format characters.
  "[\\u0600-\\u0605\\u06DD\\u070F\\u0890\\u0891\\u08E2\\u{110BD}\\u{110CD}]",
];

/** Letters as Unicode's tags. */
function tags(letters: string): string {
  return Array.from(letters, (letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join(
    "",
  );
}

/**
 * What nobody sees, or everybody sees differently: format characters (bidirectional controls, tags,
 * zero-width characters), all that Unicode calls ignorable (variation selectors, fillers), private use,
 * noncharacters, halves of surrogate pairs, and the marks that stand for annotations and objects.
 */
const INVISIBLE = new RegExp(
  `(${KEPT.join("|")})|[\\p{Cf}\\p{Default_Ignorable_Code_Point}\\p{Co}\\p{Cs}\\p{Noncharacter_Code_Point}\\uFFF9-\\uFFFC]`,
  "gu",
);

/** The same, as a set without the exceptions: most texts hold none of it. */
const PERHAPS_INVISIBLE =
  /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\uFFF9-\uFFFC]/u;

/**
 * Control sequences of terminals as in ECMA-48, with ESC or with the single character for it: CSI with
 * parameters; the strings (OSC, DCS, SOS, PM, APC) to their end or that of the line; ESC with one more.
 */
const SEQUENCES = [
  "(?:\\u001B\\[|\\u009B)[0-?]*[ -/]*[@-~]?",
  "(?:\\u001B[\\]PX^_]|[\\u0090\\u0098\\u009D-\\u009F])[^\\u0007\\u001B\\u009C\\n\\r]*(?:\\u0007|\\u001B\\\\|\\u009C)?",
  "\\u001B[ -/]*[0-~]?",
];
// A run of other control characters counts as one.
const CONTROL = new RegExp(
  `${SEQUENCES.join("|")}|[\\0-\\u0008\\u000E-\\u001A\\u001C-\\u001F\\u007F-\\u0084\\u0086-\\u009F]+`,
  "gu",
);
// eslint-disable-next-line no-control-regex -- they are what is looked for
const PERHAPS_CONTROL = /[\0-\u0008\u000E-\u001F\u007F-\u0084\u0086-\u009F]/u;

/** Spaces and line ends of other times, and the one sign of Braille that is blank. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const ODD_SPACE = /[\u000B\u000C\u0085\u2028\u2029\u2800]/gu;

/** The text with a line feed at each end of a line. */
export function withLineFeeds(text: string): string {
  return text.replaceAll(/\r\n?/gu, "\n");
}

/**
 * The text without what readers cannot see. Line breaks become `\n`, odd white space becomes a space;
 * tabs stay. Twice is the same as once.
 */
export function withoutInvisible(text: string): Cleaned {
  let invisible = 0;
  let control = 0;
  let clean = withLineFeeds(text).replaceAll(ODD_SPACE, " ");
  if (PERHAPS_CONTROL.test(clean)) {
    clean = clean.replaceAll(CONTROL, () => {
      control += 1;
      return "";
    });
  }
  if (PERHAPS_INVISIBLE.test(clean)) {
    clean = clean.replaceAll(INVISIBLE, (_all, kept: string | undefined) => {
      if (kept === undefined) invisible += 1;
      return kept ?? "";
    });
  }
  const removed: Removed = {
    ...(invisible > 0 && { invisible_character: invisible }),
    ...(control > 0 && { control_sequence: control }),
  };
  return { text: clean, removed };
}
