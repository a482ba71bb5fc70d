import { CONTROLS, isControl, isSessionCommand, SESSION_COMMANDS } from "./table.ts";
import { BUILT_IN_COMMANDS } from "./built-in.ts";
import type { BotMention } from "./mention.ts";

/** A command, as a line of text shows it. */
export interface CommandLine {
  /** In small letters; `help` for a bare `/copilot`. */
  readonly name: string;
  /** Where what follows the name begins: an offset in the line. */
  readonly rest: number;
  /** Nearly a command: `/copilot-triage`, `/ copilot triage`, `/co-pilot triage`. */
  readonly isMisspelled: boolean;
  /** Whether the line is nothing but a mention of the bot: a request for help, unless more follows. */
  readonly isBareMention: boolean;
}

/** The longest name of a command. */
const MAX_NAME = 30;

/** How much of a line is read: what is before a command, and the command itself. */
const MAX_READ = 300;

const SPACE = /[\s\p{Zs}]/u;

/** What takes no room: marks of direction, joiners, selectors, fillers, and the sign of Braille that is blank. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Behind a name, and no part of it. Full-width forms have become these. */
const PUNCTUATION = "[,.!?:;。、—–]";

/** As Chinese and Japanese are written, without a space behind the punctuation. */
const END = String.raw`(?:${PUNCTUATION}+(?= |$|\P{ASCII})|(?= |$))`;

/** Behind the bot's own name a command is meant whatever it is written together with, but not a file. */
const LONG_END = String.raw`(?:${PUNCTUATION}+(?= |$|\P{ASCII})|[,:;!?]+|(?= |$))`;

const BARE = new RegExp(String.raw`^ *\/copilot ?${PUNCTUATION}* *$`, "u");
const LONG = new RegExp(
  String.raw`^ *\/copilot(?:(?:${PUNCTUATION}* )+|${PUNCTUATION}+(?=\P{ASCII})) *(?<name>[a-z][a-z-]*)${LONG_END}`,
  "u",
);
// The one command that may stand without `/copilot` is the one that everybody writes.
const SHORT = new RegExp(String.raw`^ *\/(?<name>triage)${END}`, "u");
/** A name that no policy can have: it is answered as any unknown one. */
const UNKNOWN = new RegExp(
  String.raw`^ *\/copilot(?:${PUNCTUATION}* +|${PUNCTUATION}+(?=\P{ASCII}))(?<name>[\p{L}\p{N}][\p{L}\p{N}-]*)${LONG_END}`,
  "u",
);
const MISSPELLED =
  /^ *\/ ?co[ -]?pilot(?![a-z0-9.]*\.[a-z])[^\p{L}\p{N}]{0,5}(?<name>[\p{L}\p{N}][\p{L}\p{N}-]*)/u;

/**
 * The command at the start of a line, or null. After a mention, only the bot's own commands are commands. Spaces of any script are spaces, and what is invisible is
 * nothing, or a space where that makes a command; letters in their full-width and other compatible forms
 * (Unicode's NFKC) are letters.
 *
 * @param mention what counts as `/copilot` too, if anything
 */
export function readCommandLine(line: string, mention: BotMention | null): CommandLine | null {
  const tight = read(addressed(plainStart(line, ""), mention));
  if (tight !== null && !tight.isMisspelled) return tight;
  const isLoose = INVISIBLE.test(line.slice(0, MAX_READ));
  const loose = isLoose ? read(addressed(plainStart(line, " "), mention)) : null;
  return loose !== null && !loose.isMisspelled ? loose : (tight ?? loose);
}

interface Plain {
  readonly text: string;
  /** Where each character of the text begins in the line, and where the text ends. */
  readonly offsets: readonly number[];
  readonly isWhole: boolean;
  /** Whether a mention stands for `/copilot`. */
  readonly isAddressed: boolean;
}

/** The start of a line as it is compared: in small letters, with one kind of space. */
export function plainStart(line: string, invisible: "" | " "): Plain {
  const start = line.slice(0, MAX_READ);
  const offsets: number[] = [];
  let text = "";
  let offset = 0;
  for (const character of start) {
    const plain = plainForm(character, invisible);
    for (let index = 0; index < plain.length; index += 1) offsets.push(offset);
    text += plain;
    offset += character.length;
  }
  return {
    text,
    offsets: [...offsets, offset],
    isWhole: line.length <= MAX_READ,
    isAddressed: false,
  };
}

function plainForm(character: string, invisible: "" | " "): string {
  // JavaScript counts the byte order mark as white space.
  if (INVISIBLE.test(character)) return invisible;
  if (SPACE.test(character)) return " ";
  return character.normalize("NFKC").toLowerCase();
}

const SLASH = "/copilot";

/** The same line with `/copilot` instead of a mention of the bot. */
function addressed(plain: Plain, mention: BotMention | null): Plain {
  const { text, offsets } = plain;
  const [before] = mention?.beforeSlash.exec(text) ?? [];
  if (before !== undefined) {
    return { ...plain, text: text.slice(before.length), offsets: offsets.slice(before.length) };
  }
  const [own] = mention?.atStart.exec(text) ?? [];
  if (own === undefined) return plain;
  const slash = Array.from(SLASH, () => offsets[0] ?? 0);
  const rest = offsets.slice(own.length);
  return {
    ...plain,
    text: `${SLASH}${text.slice(own.length)}`,
    offsets: [...slash, ...rest],
    isAddressed: true,
  };
}

function read(plain: Plain): CommandLine | null {
  const found = readAny(plain);
  // People thank the bot, and programs answer it: with a reply to any words, two programs would never end.
  return found !== null && plain.isAddressed && !isOwn(found.name) ? null : found;
}

function isOwn(name: string): boolean {
  return isControl(name) || isSessionCommand(name) || BUILT_IN_COMMANDS.has(name);
}

function readAny(plain: Plain): CommandLine | null {
  const { text, isWhole, isAddressed } = plain;
  if (isWhole && BARE.test(text)) {
    return { ...command("help", text.length, plain), isBareMention: isAddressed };
  }
  for (const pattern of [LONG, SHORT, UNKNOWN]) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const [all] = found;
    if (isOwnHelp(text.slice(all.length - lengthOfEnd(all)))) return null;
    return command(found.groups?.["name"] ?? "", all.length, plain);
  }
  const near = MISSPELLED.exec(text);
  if (near === null) return null;
  return { ...command(near.groups?.["name"] ?? "", near[0].length, plain), isMisspelled: true };
}

function command(name: string, end: number, { offsets }: Plain): CommandLine {
  const short = name.slice(0, MAX_NAME).toWellFormed().replace(/-+$/u, "");
  const rest = offsets[end] ?? offsets.at(-1) ?? 0;
  return { name: short, rest, isMisspelled: false, isBareMention: false };
}

function lengthOfEnd(matched: string): number {
  return /[^\p{L}\p{N}-]*$/u.exec(matched)?.[0].length ?? 0;
}

const DESCRIPTIONS = [
  ...Object.values({ ...CONTROLS, ...SESSION_COMMANDS }),
  ...BUILT_IN_COMMANDS.values(),
].map(({ description }) => description.toLowerCase());

/**
 * Whether the bot's own help follows the name, as it is in an email or copied from the page: then nobody has
 * written this command.
 */
function isOwnHelp(rest: string): boolean {
  const plain = rest.replace(/^[ |]+/u, "");
  return (
    plain.startsWith(", or the label ") || DESCRIPTIONS.some((words) => plain.startsWith(words))
  );
}
