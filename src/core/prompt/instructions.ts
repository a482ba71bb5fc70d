import { mayHoldCommand } from "../command/table.ts";
import { readCommandLine } from "../command/line.ts";
import type { BotMention } from "../command/mention.ts";
import { parseCommand } from "../command/parse.ts";
import type { CommandComment } from "../access/survey.ts";
import type { Task } from "../task/task.ts";
import { addedInstructions, commandOf } from "../task/task.ts";
import { visibleIn } from "../text/visible.ts";

interface Written {
  readonly name: string | null;
  readonly instructions: string;
}

/**
 * The requester's instructions as they came with the webhook, and what people see of them, with the bot's labels in it
 * not yet marked; null where that isn't known: GitHub has made no HTML of the command's comment, its text is no longer
 * the one that came with the webhook, or it's not certain which part of the HTML the command is. Then the webhook's
 * counts. There are none in a comment that was hidden on GitHub since: like other hidden comments it isn't for the agent.
 *
 * @param mention what counts as `/copilot` too; where it isn't known, what people see after a mention isn't either
 */
export function instructionsOf(
  task: Pick<Task, "trigger">,
  comment: CommandComment | null,
  mention: BotMention | null,
) {
  if (comment?.hidden === true) return { instructions: "", visibleInstructions: null };
  const written = { name: commandOf(task), instructions: addedInstructions(task) };
  return {
    instructions: written.instructions,
    visibleInstructions: visibleInstructions(written, comment, mention),
  };
}

function visibleInstructions(
  { name, instructions }: Written,
  comment: CommandComment | null,
  mention: BotMention | null,
): string | null {
  if (comment === null || comment.bodyHtml === null) return null;
  const written = parseCommand(comment.body, mention);
  if (written?.name !== name || written?.instructions !== instructions) return null;
  const { text, hasForm } = visibleIn(comment.bodyHtml);
  // What no command is where it was written (folded, or in another element) may look like one in the visible text.
  if (!hasForm || commandLinesIn(text, mention) > 1) return null;
  const shown = parseCommand(text, mention);
  return shown?.name === name ? shown.instructions : null;
}

function commandLinesIn(text: string, mention: BotMention | null): number {
  return text.split("\n").filter((line) => {
    return mayHoldCommand(line, mention) && readCommandLine(line, mention)?.isMisspelled === false;
  }).length;
}

/** The sign of a quote at the start of a line, in lists too. */
const QUOTE = /^\s*(?:(?:[-*+]|\d{1,9}[.)])\s+){0,9}>/u;

/** Splits a text into its author's own words, and the quotes in it: blocks of lines that begin with `>`. */
export function withoutQuotes(text: string): { readonly own: string; readonly quoted: string } {
  const own: string[] = [];
  const quoted: string[] = [];
  let fence: string | null = null;
  let inQuote = false;
  for (const line of text.split("\n")) {
    const mark: string | undefined = /^ {0,3}(?<mark>`{3,}|~{3,})/u.exec(line)?.groups?.["mark"];
    if (mark !== undefined && (fence === null || mark.startsWith(fence))) {
      fence = fence === null ? mark : null;
    }
    // A quote goes on to the next blank line, also where its lines don't begin with the sign.
    inQuote = fence === null && (QUOTE.test(line) || (inQuote && line.trim() !== ""));
    (inQuote ? quoted : own).push(line);
  }
  return { own: own.join("\n"), quoted: quoted.join("\n") };
}
