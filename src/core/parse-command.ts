import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import type { Command } from "./command.ts";
import { mayHoldCommand } from "./command.ts";

/** The longest name of a command. */
const LONGEST_COMMAND = 30;

// The one command that may stand without `/copilot` is the one that everybody writes.
const COMMAND_LINE =
  /^ {0,3}\/(?:copilot(?:[ \t]+(?<long>[a-z][a-z-]*)|(?=[ \t]*$))|(?<short>triage))(?=\s|$)(?<rest>.*)$/isu;

/** What can open, close or nest something in Markdown: the parser takes the square of their number. */
const MARKS = /[\n*_~[\]<>`|]|[-+](?=\s)|\d[.)](?=\s)/gu;

/** As many as are parsed in a moment; strangers can write 65,536 characters. */
const MOST_MARKS = 1_000;

/** Without the search for bare links, which descends into what is nested and overflows the stack. */
const SYNTAX_ONLY = gfmFromMarkdown().map(({ transforms: _transforms, ...syntax }) => syntax);

interface Found {
  readonly name: string;
  readonly start: number;
  readonly instructionsStart: number;
}

/**
 * The first command in a comment, or null.
 *
 * A command counts only at the start of a line of ordinary text: code, quotes, lists, HTML (comments
 * included) and headings written with `#` are other people's words or examples. A comment with a
 * thousand commands is one request. In a text with very many marks of Markdown only its beginning, up
 * to the thousandth, is searched.
 */
export function parseCommand(markdown: string): Command | null {
  const text = markdown.replace(/^\uFEFF/u, "").replaceAll(/\r\n?/gu, "\n");
  const [first, second] = findCommands(text);
  if (first === undefined) return null;
  return {
    name: first.name,
    instructions: text.slice(first.instructionsStart, second?.start).trim(),
  };
}

function findCommands(text: string): Found[] {
  if (!mayHoldCommand(text)) return [];
  const searched = withinReason(text);
  const tree = fromMarkdown(searched, { extensions: [gfm()], mdastExtensions: [SYNTAX_ONLY] });
  const found: Found[] = [];
  for (const block of tree.children) {
    if (block.type !== "paragraph" && block.type !== "heading") continue;
    for (const node of block.children) {
      const start = node.position?.start.offset;
      const end = node.position?.end.offset;
      if (node.type !== "text" || start === undefined || end === undefined) continue;
      found.push(...commandsBetween(text, start, end));
      if (found.length > 1) return found;
    }
  }
  return found;
}

function withinReason(text: string): string {
  let marks = 0;
  for (const { index } of text.matchAll(MARKS)) {
    marks += 1;
    if (marks > MOST_MARKS) return text.slice(0, index);
  }
  return text;
}

/** The commands on lines whose first visible character lies in the text node from `start` to `end`. */
function commandsBetween(text: string, start: number, end: number): Found[] {
  const found: Found[] = [];
  let lineStart = text.lastIndexOf("\n", start - 1) + 1;
  while (lineStart < end) {
    const newline = text.indexOf("\n", lineStart);
    const lineEnd = newline === -1 ? text.length : newline;
    const line = text.slice(lineStart, lineEnd);
    const visible = lineStart + (line.length - line.trimStart().length);
    const command = visible >= start && visible < end ? matchLine(line, lineStart) : null;
    if (command !== null) found.push(command);
    if (newline === -1) break;
    lineStart = newline + 1;
  }
  return found;
}

function matchLine(line: string, lineStart: number): Found | null {
  const groups = COMMAND_LINE.exec(line)?.groups;
  if (groups === undefined) return null;
  const { long, short, rest = "" } = groups;
  const name = (long ?? short ?? "help").toLowerCase();
  if (name.length > LONGEST_COMMAND) return null;
  return { name, start: lineStart, instructionsStart: lineStart + line.length - rest.length };
}
