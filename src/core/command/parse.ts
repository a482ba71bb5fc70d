import type { Nodes, Parents } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import type { Command } from "./table.ts";
import { mayHoldCommand } from "./table.ts";
import type { Candidate, Span } from "./candidate.ts";
import { findCandidates } from "./candidates.ts";
import { readCommandLine } from "./line.ts";
import type { MailQuote } from "./mail.ts";
import type { BotMention } from "./mention.ts";
import { findMailQuote } from "./mail.ts";
import type { Misplacement } from "./misplaced.ts";

/** What can open, close or nest something in Markdown: the parser takes the square of their number. */
const MARKS = /[\n*_~[\]<>`|]|[-+](?=\s)|\d[.)](?=\s)/gu;

/** As many as are parsed in a moment; strangers can write 65,536 characters. */
const MAX_MARKS = 1_000;

/** Without the search for bare links, which descends into what is nested and overflows the stack. */
const SYNTAX_ONLY = gfmFromMarkdown().map(({ transforms: _transforms, ...syntax }) => syntax);

/**
 * The first command in a comment; or what may have been meant as one, with what is wrong about it; or null.
 *
 * A command counts at the start of a line of ordinary text. Quotes, code, struck-out text, what an email
 * answers, `<blockquote>`, a closed `<details>` and what nobody sees are other people's words or examples:
 * they hold none. Formatted otherwise, or in a list or below a quote as its part, it is misplaced. A comment
 * with a thousand commands is one request. In a text with very many marks of Markdown only its beginning, up
 * to the thousandth, is searched; a command behind that is misplaced.
 *
 * @param mention what counts as `/copilot` too; nothing does where the bot's name isn't known
 */
export function parseCommand(markdown: string, mention: BotMention | null = null): Command | null {
  const text = markdown.replace(/^\uFEFF/u, "").replaceAll(/\r\n?/gu, "\n");
  if (!mayHoldCommand(text, mention)) return null;
  const searched = withinReason(text);
  const tree = fromMarkdown(searched, { extensions: [gfm()], mdastExtensions: [SYNTAX_ONLY] });
  const { candidates, quoted } = findCandidates(tree, text, mention);
  const isCut = searched.length < text.length;
  if (candidates.length === 0 && !isCut) return null;
  const mail = findMailQuote(text, outsideOf([...spansIn(tree), ...quoted]));
  const found = candidates
    .flatMap((candidate) => placed(candidate, mail))
    // With more to read, it's the salutation of a letter.
    .filter((one) => !one.isBareMention || text.slice(one.instructionsStart).trim() === "");
  const [first, second] = found.filter(({ misplaced }) => misplaced === null);
  if (first !== undefined) {
    const end = Math.min(second?.start ?? text.length, mail.certainFrom);
    return { name: first.name, instructions: text.slice(first.instructionsStart, end).trim() };
  }
  const meant = found.find(({ isExample }) => !isExample || candidates.length === 1);
  if (meant !== undefined) return misplacedAs(meant.name, meant.misplaced ?? "spelling");
  const behind = isCut ? commandBehind(text, { searched: searched.length, mail, mention }) : null;
  return behind === null ? null : misplacedAs(behind, "too_far");
}

function misplacedAs(name: string, misplaced: Misplacement): Command {
  return { name, instructions: "", misplaced };
}

/** The candidate with what is wrong about its place; nothing where it is quoted. */
function placed(candidate: Candidate, { certainFrom, doubtfulFrom }: MailQuote): Candidate[] {
  const { start, misplaced } = candidate;
  if (start >= certainFrom) return [];
  return [{ ...candidate, misplaced: misplaced ?? (start >= doubtfulFrom ? "mail" : null) }];
}

function withinReason(text: string): string {
  let marks = 0;
  for (const { index } of text.matchAll(MARKS)) {
    marks += 1;
    if (marks > MAX_MARKS) return text.slice(0, index);
  }
  return text;
}

interface Searched {
  /** How much of the text was searched. */
  readonly searched: number;
  readonly mail: MailQuote;
  readonly mention: BotMention | null;
}

/** The name of the first command behind what was searched. */
function commandBehind(
  text: string,
  { searched, mail: { certainFrom }, mention }: Searched,
): string | null {
  let start = text.lastIndexOf("\n", searched - 1) + 1;
  while (start < Math.min(text.length, certainFrom)) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(start, end);
    const command =
      start >= searched && mayHoldCommand(line, mention) ? readCommandLine(line, mention) : null;
    if (command !== null && !command.isMisspelled && !command.isBareMention) return command.name;
    start = end + 1;
  }
  return null;
}

/** Whether growing offsets are outside of spans. */
function outsideOf(spans: readonly Span[]): (offset: number) => boolean {
  const sorted = spans.toSorted((one, other) => one.start - other.start);
  let next = 0;
  let end = 0;
  return (offset) => {
    for (; (sorted[next]?.start ?? Number.POSITIVE_INFINITY) <= offset; next += 1) {
      end = Math.max(end, sorted[next]?.end ?? 0);
    }
    return offset >= end;
  };
}

/** Code, quotes and comments. */
function spansIn(node: Nodes): readonly Span[] {
  const isComment = node.type === "html" && node.value.startsWith("<!--");
  // Yahoo indents the one line with which it introduces a message.
  const isCode = node.type === "code" && node.value.includes("\n");
  if (isCode || node.type === "blockquote" || isComment) {
    const { start, end } = node.position ?? {};
    if (start?.offset === undefined || end?.offset === undefined) return [];
    // From the start of its line: what is before it there is its own or a list's mark.
    return [{ start: start.offset - start.column + 1, end: end.offset }];
  }
  return isContainer(node) ? node.children.flatMap(spansIn) : [];
}

function isContainer(
  node: Nodes,
): node is Extract<Parents, { type: "root" | "list" | "listItem" }> {
  return node.type === "root" || node.type === "list" || node.type === "listItem";
}
