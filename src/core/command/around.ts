import type { PhrasingContent } from "mdast";
import type { CommandLine } from "./line.ts";
import { plainStart, readCommandLine } from "./line.ts";
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

const MENTIONS = /^ *(?:@[a-z0-9-]{1,40}(?:\/[a-z0-9-]{1,40})?(?:\[bot\])?[,:]? +){1,5}/u;
const QUOTATION_MARKS = /^ *["'“”„«»‘’‹›「『【(]+/u;

/**
 * The command at the start of a line of ordinary text, formatted or not.
 *
 * @param line the line's own text, without marks of quotes and lists
 * @param at where it begins in the whole text
 * @param nodes what the line is made of, from its first node on
 */
export function readAround(
  line: string,
  at: number,
  nodes: readonly PhrasingContent[],
): Around | null {
  const first =
    at + (/^[\s\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*/u.exec(line)?.[0].length ?? 0);
  const node = nodes.find(({ position }) => (position?.end.offset ?? 0) > first);
  if (node === undefined) return null;
  switch (node.type) {
    case "text":
      return inText(line, at);
    case "strong":
    case "emphasis":
      return startOf(node) < first
        ? whole(readCommandLine(line), at, "emphasis")
        : inNode(line, at, node, "emphasis");
    case "inlineCode":
      return startOf(node) < first ? null : inNode(line, at, node, "code");
    case "link":
      return startOf(node) < first ? null : inNode(line, at, node, "link");
    case "html":
    case "image":
      return behind(line, at, nodes);
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

function inText(line: string, at: number): Around | null {
  const command = readCommandLine(line);
  if (command !== null) return whole(command, at, null);
  for (const [before, as] of [
    [MENTIONS, "mention"],
    [QUOTATION_MARKS, "quotation_marks"],
  ] as const) {
    const { text, offsets } = plainStart(line, "");
    const found = before.exec(text);
    const start = offsets[found?.[0].length ?? 0] ?? 0;
    if (found !== null) return whole(readCommandLine(line.slice(start)), at + start, as);
  }
  return null;
}

function inNode(line: string, at: number, node: PhrasingContent, as: Misplacement): Around | null {
  const command = readCommandLine(textOf(node).trimStart());
  if (command === null) return null;
  const end = node.position?.end.offset ?? at;
  const isWhole = NOTHING_MORE.test(line.slice(Math.max(0, end - at)));
  return { line: { ...command, at }, as, isWhole };
}

/** A command behind a tag or an image on its line. */
function behind(line: string, at: number, nodes: readonly PhrasingContent[]): Around | null {
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
  return whole(readCommandLine(line.slice(start - at, end - at)), start, "element");
}

function isBlank(node: PhrasingContent): boolean {
  return node.type === "text" && node.value.trim() === "";
}

function textOf(node: PhrasingContent): string {
  if ("value" in node) return node.value;
  return "children" in node ? node.children.map(textOf).join("") : "";
}
