import type { Asking, Detail, PermissionAsking } from "../task/asking.ts";
import type { Asked } from "../task/asking.ts";
import { clearLine, takesAnswer } from "../session/request.ts";
import { MAX_SHOWN } from "../session/withheld.ts";
import { type Withheld } from "../task/asking.ts";
import { codeBlock, inlineCode } from "../text/quote.ts";
import { shownWhole } from "../text/shown.ts";
import { alert } from "./alert.ts";
import type { WaysToAnswer } from "./answering.ts";
import { howToAnswer } from "./answering.ts";

/** Up to this length a part of a request stands in its line. */
const MAX_INLINE = 100;
/** The same for a command or a question, which wraps there; longer lines are broken by the bot. */
const MAX_LINE = 120;

/** Whether people can approve a request, or answer it, from the thread. */
export function canAnswerHere(asked: Asked): boolean {
  return takesAnswer(asked) && withheldInComment(asked.asking) === null;
}

/** A request of the agent's in a comment, as Markdown lines: whole and as it is, or why it can't be shown so. */
export function requestLines(asked: Asked, ways: WaysToAnswer): string[] {
  const { asking } = asked;
  const withheld = withheldInComment(asking);
  const shown =
    withheld === null ? shownLines(asking, ways.isOpen) : briefLines(asking, ways.isOpen);
  return [...shown, "", howToAnswer(asked, withheld, ways)];
}

/** Why people can't approve this from the thread: a comment doesn't show all of it. Null when it does. */
export function withheldInComment(asking: Asking): Withheld | null {
  const known = asking.withheld ?? null;
  if (known !== null) return known;
  // What has to be escaped takes more room than it had.
  return shownLines(asking).join("\n").length > MAX_SHOWN ? "too_long" : null;
}

/** Of a request that's withheld. */
function briefLines(asking: Asking, isOpen: boolean): string[] {
  const short = requestInShort(asking);
  const name = asking.type === "permission" ? REASON : "in short";
  return [
    ...alert("IMPORTANT", [briefSentence(asking, isOpen)]),
    ...(short === "" ? [] : ["", `- ${name}: ${short}`]),
  ];
}

/** What Copilot wants, or wanted when it was last seen: what it is exactly follows. Markdown. */
export function requestSentence(asking: Asking, isOpen = true): string {
  if (asking.type === "question") return isOpen ? "Copilot asks:" : "Copilot asked:";
  return `Copilot ${isOpen ? "wants" : "wanted"} ${actionOf(asking, "this")}:`;
}

/** The same of a request that can't be shown: nothing follows. Markdown. */
export function briefSentence(asking: Asking, isOpen = true): string {
  if (asking.type === "question") return `Copilot ${isOpen ? "has" : "had"} a question.`;
  return `Copilot ${isOpen ? "wants" : "wanted"} ${actionOf(asking, "a")}.`;
}

function actionOf(
  asking: Exclude<Asking, { readonly type: "question" }>,
  article: keyof Action,
): string {
  if (asking.type === "plan") return `to follow ${article} plan`;
  const action = ACTIONS[asking.kind];
  return action?.[article] ?? `a permission (${inlineCode(clearLine(asking.kind))})`;
}

/** `this` where what it is follows, `a` where it can't be shown. */
interface Action {
  readonly this: string;
  readonly a: string;
}

const TOOL: Action = { this: "to use this tool", a: "to use a tool" };

const ACTIONS: Readonly<Record<string, Action>> = {
  shell: { this: "to run this command", a: "to run a command" },
  write: { this: "to write this file", a: "to write a file" },
  read: { this: "to read this file", a: "to read a file" },
  url: { this: "to open this address", a: "to open an address" },
  mcp: TOOL,
  "custom-tool": TOOL,
  memory: { this: "to remember this", a: "to remember something" },
};

const REASON = "Copilot's reason";

function textOf(asking: Exclude<Asking, PermissionAsking>): string {
  return asking.type === "question" ? asking.question : asking.summary;
}

function shownLines(asking: Asking, isOpen = true): string[] {
  return [...alert("IMPORTANT", [requestSentence(asking, isOpen)]), "", ...requestParts(asking)];
}

/** A request, each part of it whole. Markdown lines, under the sentence. */
export function requestParts(asking: Asking): string[] {
  switch (asking.type) {
    case "permission":
      return permissionLines(asking);
    case "question":
      return [textLine(asking.question), ...choiceLines(asking.choices)];
    case "plan": {
      const [mode] = asking.actions;
      const next = mode === undefined ? [] : ["", `Then it continues as ${wholeName(mode)}.`];
      const plan = asking.plan === undefined ? [] : ["", codeBlock(shownWhole(asking.plan))];
      return [textLine(asking.summary), ...plan, ...next];
    }
    default:
      return asking satisfies never;
  }
}

/** The little that may be shown of a request that can't be shown whole. One line of Markdown; "" for nothing. */
export function requestInShort(asking: Asking): string {
  const about = asking.type === "permission" ? asking.intention : textOf(asking);
  return about === null || about === "" ? "" : inlineCode(clearLine(about));
}

/** The command first, without its name: the sentence above it has said what it is. */
function permissionLines({ kind, details }: PermissionAsking): string[] {
  const [command, ...more] = details.filter(({ name }) => name === "command");
  const isAlone = command !== undefined && more.length === 0 && command.text !== "";
  if (kind !== "shell" || !isAlone) return detailLines(details);
  const others = details.filter(({ name }) => name !== "command");
  const shown = textLine(command.text, "sh");
  return others.length === 0 ? [shown] : [shown, "", ...detailLines(others)];
}

/** A line of code that wraps; a block of code where there are several lines, or a long one. */
function textLine(text: string, language = ""): string {
  return isOneLine(text, MAX_LINE) ? inlineCode(text) : codeBlock(shownWhole(text), language);
}

function choiceLines(choices: readonly string[]): string[] {
  if (choices.length === 0) return [];
  if (choices.every((choice) => choice !== "" && isOneLine(choice))) {
    return ["", `Choices: ${choices.map(inlineCode).join(", ")}`];
  }
  return ["", ...detailLines(choices.map((text) => ({ name: "choice", text })))];
}

/** Short parts in their lines first, then those that need a block. */
function detailLines(details: readonly Detail[]): string[] {
  const shown = details.map(({ name, text }) => ({
    name: shownName(name),
    text: shownWhole(text),
    isBlock: name === "command" || name === "diff" || !isOneLine(text),
  }));
  const lines = shown.filter(({ isBlock }) => !isBlock);
  const blocks = shown.filter(({ isBlock }) => isBlock);
  return [
    ...lines.map(({ name, text }) => `- ${name}: ${text === "" ? "(empty)" : inlineCode(text)}`),
    ...blocks.flatMap(({ name, text }) => [
      `- ${name}:`,
      "",
      codeBlock(text, LANGUAGES[name] ?? "") || "(empty)",
      "",
    ]),
  ].filter((line, index, all) => line !== "" || index < all.length - 1);
}

const LANGUAGES: Readonly<Record<string, string>> = { command: "sh", diff: "diff" };

/** Names of the bot's own are words; those of arguments can be anything. */
function shownName(name: string): string {
  if (name === "intention") return REASON;
  if (/^[A-Za-z]+(?: [A-Za-z]+)*$/u.test(name)) return name;
  const [, argument = ""] = /^argument (.*)$/su.exec(name) ?? [];
  return argument === "" ? wholeName(name) : `argument ${wholeName(argument)}`;
}

/** Any name, whole, in a line of code: what such a line doesn't show is there as `\u{A}`, as in all that is shown whole. */
function wholeName(name: string): string {
  const shown = isOneLine(name) ? name : shownWhole(name);
  return inlineCode(
    shown.replaceAll(/[\n\t]|^ | $|(?<=`{79})`/gu, (mark) => {
      return `\\u{${mark.charCodeAt(0).toString(16).toUpperCase()}}`;
    }),
  );
}

/** Inline code shows neither blanks at its ends nor line ends, and takes fewer than 80 backticks in a row. */
function isOneLine(text: string, most = MAX_INLINE): boolean {
  return text.length <= most && !/[\n\t]|`{80}/u.test(text) && shownWhole(text) === text.trim();
}
