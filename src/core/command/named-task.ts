import type { SessionCommandName } from "./table.ts";
import { SESSION_COMMANDS } from "./table.ts";

/** What a command says it is for. */
export interface Named {
  /** How the id of the task begins, in small letters as ids are stored; null when no task is named. */
  readonly id: string | null;
  /** What else the command says. */
  readonly text: string;
}

/** Eight digits or more of an id, as comments show them and as links and logs do. */
const ID =
  /^[0-9a-f]{8}(?:-(?:[0-9a-f]{0,4}|[0-9a-f]{4}-(?:[0-9a-f]{0,4}|[0-9a-f]{4}-(?:[0-9a-f]{0,4}|[0-9a-f]{4}-[0-9a-f]{0,12}))))?$/u;

/** A whole id without its hyphens. */
const BARE_ID = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/u;

/** What can only be a mistyped id where no text is expected: a number, in hexadecimal or not. */
const NUMBER = /^(?=[a-f-]*[0-9])[0-9a-f][0-9a-f-]{4,39}$/u;

/** What people put around an id: formatting, quotation marks, punctuation. */
const AROUND = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;

/**
 * Which task a command names. The first word may be an id; behind commands that take no text, any word. A
 * commit is no id unless it is shortened to eight digits: then the command is answered, and not executed.
 */
export function namedTask(command: SessionCommandName, instructions: string): Named {
  if (!SESSION_COMMANDS[command].takesText) {
    const ids = instructions.split(/\s+/u).slice(0, 100).map(bare);
    const id = ids.find((word) => ID.test(word) || NUMBER.test(word));
    return { id: id ?? null, text: instructions };
  }
  const [first = ""] = /^\S+/u.exec(instructions) ?? [];
  const id = bare(first);
  if (!ID.test(id)) return { id: null, text: instructions };
  return { id, text: instructions.slice(first.length).trimStart() };
}

function bare(word: string): string {
  if (word.length > 100) return "";
  const plain = word.normalize("NFKC").replaceAll(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, "");
  const id = plain.replaceAll(AROUND, "").toLowerCase();
  return id.replace(BARE_ID, "$1-$2-$3-$4-$5");
}
