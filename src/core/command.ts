import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
/** A slash-command as somebody wrote it. */
export interface Command {
  /** In small letters; `help` for a bare `/copilot`. */
  readonly name: string;
  /** The rest of the command's line and the lines that follow, up to the next command. */
  readonly instructions: string;
}

/** The longest name of a command. */
const LONGEST_COMMAND = 30;

/** The commands about the bot itself. */
export const CONTROLS = {
  help: {
    usage: "/copilot help",
    description: "Tells which commands and labels there are here.",
  },
  config: {
    usage: "/copilot config",
    description: "Tells which settings are in force here, and from where each comes.",
  },
  doctor: {
    usage: "/copilot doctor",
    description: "Checks the bot's settings and connections. Starts nothing and costs nothing.",
  },
  ok: {
    usage: "/copilot ok",
    description: "Lets Copilot work on the present head commit of a pull request from a fork.",
  },
} as const satisfies Record<string, CommandWords>;

/**
 * The commands to a task of the thread: the newest, or the one whose short id comes first. All others
 * are the policy's, and start tasks.
 */
export const ORDERS = {
  status: {
    usage: "/copilot status",
    description: "Brings the comment of the task up to date.",
  },
  send: {
    usage: "/copilot send",
    description: "Writes what follows to the session.",
  },
  stop: {
    usage: "/copilot stop",
    description:
      "Stops what the agent is doing, or a task before it begins. The session stays, and can be written to.",
  },
  approve: {
    usage: "/copilot approve",
    description: "Allows what the agent asks for, or answers its question with what follows.",
  },
  deny: {
    usage: "/copilot deny",
    description: "Does not allow what the agent asks for, or declines its question.",
  },
  resume: {
    usage: "/copilot resume",
    description: "Follows a session again that the bot no longer follows.",
  },
  retry: {
    usage: "/copilot retry",
    description: "Tries a failed task again, as a new one.",
  },
} as const satisfies Record<string, CommandWords>;

interface CommandWords {
  readonly usage: string;
  readonly description: string;
}

export type ControlName = keyof typeof CONTROLS;
export type OrderName = keyof typeof ORDERS;

/** Whether a command is about the bot itself. */
export function isControl(name: string | null): name is ControlName {
  return name !== null && Object.hasOwn(CONTROLS, name);
}

/** Whether a command is to a task of the thread. */
export function isOrder(name: string | null): name is OrderName {
  return name !== null && Object.hasOwn(ORDERS, name);
}

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
  // Parsing costs more than all the rest: most comments hold no slash at the start of a line.
  if (!/^ {0,3}\//mu.test(text)) return [];
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
