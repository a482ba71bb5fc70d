import type { PhrasingContent } from "mdast";
import type { CommandLine } from "./line.ts";
import { plainStart, readCommandLine } from "./line.ts";
import type { BotMention } from "./mention.ts";
import type { Misplacement } from "./misplaced.ts";

/** A command at the start of a line, and what is around it. */
export interface Around {
  readonly line: CommandLine & {
    /** Where its own text begins: an offset in the whole text. */
    readonly at: number;
  };
  readonly as: Misplacement | null;
  /** Whether it is all there is on its line. */
  readonly isWhole: boolean;
}

/** What follows a command's formatting on its line without making a sentence of it. */
const NOTHING_MORE = /^[\s.,:;!?。，：]*$/u;

/** Somebody's name before a command, and how many of them are read. */
const MENTION = /^ *@[a-z0-9-]{1,40}(?:\/[a-z0-9-]{1,40})?(?:\[bot\])?[,:]? +/u;
const MAX_MENTIONS = 5;

const QUOTATION_MARKS = /^ *["'“”„«»‘’‹›「『【(]+/u;

/** A line of ordinary text. */
export interface OwnLine {
  /** Without marks of quotes and lists. */
  readonly text: string;
  /** Where it begins in the whole text. */
  readonly at: number;
  /** What the line is made of, from its first node on. */
  readonly nodes: readonly PhrasingContent[];
}

/**
 * The command at the start of a line of ordinary text, formatted or not.
 *
 * @param mention what counts as `/copilot` too, if anything
 */
export function readAround(line: OwnLine, mention: BotMention | null): Around | null {
  const { text, at, nodes } = line;
  const first =
    at + (/^[\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*/u.exec(text)?.[0].length ?? 0);
  const node = nodes.find(({ position }) => (position?.end.offset ?? 0) > first);
  if (node === undefined) return null;
  switch (node.type) {
    case "text":
      return inText(text, at, mention);
    case "strong":
    case "emphasis":
      return startOf(node) < first
        ? whole(readCommandLine(text, mention), at, "emphasis")
        : inNode(line, node, { as: "emphasis", mention });
    case "inlineCode":
      return startOf(node) < first ? null : inNode(line, node, { as: "code", mention });
    case "link":
      return startOf(node) < first ? null : inNode(line, node, { as: "link", mention });
    case "html":
    case "image":
      return behind(line, mention);
    default:
      return null;
  }
}

function startOf({ position }: PhrasingContent): number {
  return position?.start.offset ?? 0;
}

function whole(line: CommandLine | null, at: number, as: Misplacement | null): Around | null {
  return line === null ? null : { line: { ...line, at }, as, isWhole: true };
}

function inText(line: string, at: number, mention: BotMention | null): Around | null {
  const command = readCommandLine(line, mention);
  if (command !== null) return whole(command, at, null);
  const { text, offsets } = plainStart(line, "");
  const quoted = QUOTATION_MARKS.exec(text)?.[0].length ?? 0;
  const befores = quoted > 0 ? [quoted] : endsOfMentions(text);
  for (const before of befores) {
    const start = offsets[before] ?? 0;
    const behindIt = readCommandLine(line.slice(start), mention);
    const as = quoted > 0 ? "quotation_marks" : "mention";
    if (behindIt !== null) return whole(behindIt, at + start, as);
  }
  return null;
}

/** Where each of the mentions ends with which a line begins. */
function endsOfMentions(text: string): number[] {
  const ends: number[] = [];
  let end = 0;
  while (ends.length < MAX_MENTIONS) {
    const [mention = ""] = MENTION.exec(text.slice(end)) ?? [];
    if (mention === "") break;
    end += mention.length;
    ends.push(end);
  }
  return ends;
}

interface Formatted {
  readonly as: Misplacement;
  readonly mention: BotMention | null;
}

function inNode({ text, at }: OwnLine, node: PhrasingContent, { as, mention }: Formatted) {
  const command = readCommandLine(textOf(node).trimStart(), mention);
  if (command === null) return null;
  const end = node.position?.end.offset ?? at;
  const isWhole = NOTHING_MORE.test(text.slice(Math.max(0, end - at)));
  return { line: { ...command, at }, as, isWhole };
}

/** A command behind a tag or an image on its line. */
function behind({ text: line, at, nodes }: OwnLine, mention: BotMention | null): Around | null {
  const text = nodes.find(({ type, position }) => {
    return type === "text" && line.slice((position?.start.offset ?? 0) - at).trim() !== "";
  });
  if (text === undefined) return null;
  const start = startOf(text);
  const before = nodes.filter((node) => startOf(node) < start);
  const isAllMarkup = before.every(
    (node) => node.type === "html" || node.type === "image" || isBlank(node),
  );
  if (!isAllMarkup || start < at) return null;
  const end = text.position?.end.offset ?? start;
  const command = readCommandLine(line.slice(start - at, end - at), mention);
  return whole(command, start, "element");
}

function isBlank(node: PhrasingContent): boolean {
  return node.type === "text" && node.value.trim() === "";
}

function textOf(node: PhrasingContent): string {
  if ("value" in node) return node.value;
  return "children" in node ? node.children.map(textOf).join("") : "";
}
