import type { Person } from "../identity/connection.ts";
import { MAX_COMMAND_TEXT } from "../session/session-command.ts";
import type { Task } from "../task/task.ts";
import { uuidOf } from "../task/uuid.ts";
import { withLineFeeds } from "../text/characters.ts";
import type { Trigger } from "../webhook/trigger.ts";
import type { SessionCommandName } from "../command/table.ts";
import { isSessionCommand, SESSION_COMMANDS } from "../command/table.ts";

/** What the form of a button on a task's page says. */
export interface CommandForm {
  /** The name of a command to a task. */
  readonly command: string;
  /** For `approve` and `deny`: the code of the request that the person saw. */
  readonly request?: string;
  /** The person's own words. */
  readonly text?: string;
  /** What the page has made up for this form: sent twice, it's one command. */
  readonly key: string;
}

/** A command from a task's page, as it would be written in the thread. */
export interface PageCommand {
  readonly type: "command";
  readonly name: SessionCommandName;
  /** What would be written behind the command and the task's id. */
  readonly words: string;
  readonly key: string;
}

/** Why a form isn't a command. */
export type UnusableForm =
  /** No page of the bot's sends this. */
  | { readonly type: "malformed"; readonly field: keyof CommandForm }
  /** There's nothing to send. */
  | { readonly type: "no_text" }
  /** `most`: so many characters are allowed. */
  | { readonly type: "too_long"; readonly most: number };

const KEY = /^[\w-]{16,128}$/u;
const CODE = /^[0-9a-f]{4}$/u;

/** Reads a form. Words that are too long are refused, and not cut: nobody would see what's missing. */
export function readCommandForm(form: CommandForm): PageCommand | UnusableForm {
  const { command: name, request = "", key } = form;
  if (!isSessionCommand(name)) return malformed("command");
  if (!KEY.test(key)) return malformed("key");
  if (isAnswer(name) ? !CODE.test(request) : request !== "") return malformed("request");
  // Browsers send the ends of lines as two characters.
  const text = withLineFeeds(form.text ?? "").trim();
  if (text !== "" && !SESSION_COMMANDS[name].takesText) return malformed("text");
  if (text === "" && name === "send") return { type: "no_text" };
  const words = [request, text].filter((part) => part !== "").join(" ");
  if (words.length > MAX_COMMAND_TEXT) {
    return { type: "too_long", most: MAX_COMMAND_TEXT - (words.length - text.length) };
  }
  return { type: "command", name, words, key };
}

function isAnswer(name: SessionCommandName): boolean {
  return name === "approve" || name === "deny";
}

function malformed(field: keyof CommandForm): UnusableForm {
  return { type: "malformed", field };
}

/** A command for the task whose page it's on, and who gave it when. */
export interface GivenOnPage {
  readonly target: Task;
  readonly person: Person;
  readonly command: PageCommand;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/**
 * What a command from a page asks for: the same as if it were written in the task's thread, and named the task. Its
 * delivery is the id of its own task. It has all that the command is in it: other words with the same key, after the
 * browser's “back”, are another command.
 *
 * @param digest SHA-256 in hexadecimal
 */
export function pageTrigger(
  { target, person, command, at }: GivenOnPage,
  digest: (text: string) => string,
): Trigger {
  const { id, place, subject } = target;
  const { name, words, key } = command;
  const deliveryId = uuidOf(digest(JSON.stringify([key, person.id, id, name, words])));
  const { movedFrom: _movedFrom, ...here } = place;
  return {
    type: "trigger",
    trigger: {
      type: "command",
      name,
      place: "page",
      misplaced: null,
      viaApp: null,
      instructions: words === "" ? id : `${id} ${words}`,
      deliveryId,
      eventKey: `page:${deliveryId}`,
      at,
    },
    requester: { id: person.id, login: person.login },
    place: here,
    subject,
  };
}
