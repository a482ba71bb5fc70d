/** The name by which people address the bot with `@`, besides `/copilot`. */
export interface BotMention {
  /** Finds it anywhere in a text, or something that may stand for it: a letter of it in another form. */
  readonly perhaps: RegExp;
  /** It, at the start of a line as lines are compared: in small letters, with one kind of space. */
  readonly atStart: RegExp;
  /** The same before a command that is written out: `@name /copilot triage`. */
  readonly beforeSlash: RegExp;
}

/** The forms of `@` that Unicode's NFKC makes `@`. */
const AT = "[@＠﹫]";

/** Behind a name, so that it's another account's, a team's, or a word about the bot (`@name's`). */
const NO_OTHER_NAME = String.raw`(?![a-z0-9_/'’-])(?! *@)`;

function mentionAs(name: string, longest: number): BotMention {
  const own = String.raw`^ *@${name}(?:\[bot\])?`;
  return {
    perhaps: new RegExp(
      String.raw`(?<![A-Za-z0-9/.:])${AT}(?:${name}|[^\n@]{0,${longest}}?\P{ASCII})`,
      "iu",
    ),
    atStart: new RegExp(`${own}${NO_OTHER_NAME}`, "u"),
    beforeSlash: new RegExp(String.raw`${own}[,:]? +(?=\/)`, "u"),
  };
}

/**
 * How people mention an App: by its slug, and by its bot's login too.
 *
 * @param slug as GitHub names it: letters, digits, and hyphens
 */
export function mentionOf(slug: string): BotMention {
  return mentionAs(slug.toLowerCase(), slug.length);
}

/** A mention of whomever: it may be the bot's where the bot's slug isn't known. */
export const ANY_MENTION: BotMention = mentionAs("[a-z0-9][a-z0-9-]{0,99}", 100);
