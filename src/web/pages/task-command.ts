import { html } from "hono/html";
import type { Asked } from "../../core/task/asking.ts";
import type { Html } from "./document.ts";
import { postForm } from "./document.ts";
import type { PageCommandName } from "./task-offers.ts";
import { taskPath } from "./task-row.ts";

/** The most characters of a message, as in a thread. */
export const MAX_MESSAGE = 4_000;

/** What a button of a task's page sends. */
export interface SentCommand {
  /** The name of a command; whatever was sent, where it isn't one. */
  readonly command: string;
  /** Of `approve` and `deny`, the code of the request that it's for; empty for the others. */
  readonly request: string;
  /** A message, or an answer. */
  readonly text: string;
  /** The form's own: sent twice, it's one command. */
  readonly key: string;
}

/**
 * Takes what a form of these sent. Nothing of it is checked but a choice, which is one of the agent's.
 *
 * @param field the text of a field; empty where there's none
 * @param asked what the agent waits for, as the task has it now
 */
export function readCommand(field: (name: string) => string, asked: readonly Asked[]): SentCommand {
  const [command, request, key] = [field("command"), field("request"), field("key")];
  const written = field("text").trim();
  // Other words than the choices are the answer where there are any.
  const choice = command === "approve" && written === "" ? field("choice") : "";
  return { command, request, key, text: choiceOf(choice, request, asked) ?? written };
}

function choiceOf(index: string, code: string, asked: readonly Asked[]): string | null {
  const asking = asked.find((one) => one.code === code)?.asking;
  if (asking?.type !== "question" || !/^\d{1,2}$/u.test(index)) return null;
  return asking.choices[Number(index)] ?? null;
}

/** Where a task's forms go, and what every one of them sends. */
export interface CommandTarget {
  readonly taskId: string;
  readonly formToken: string;
  /** One-time, and different for each page that is shown. */
  readonly key: string;
}

/** A form whose buttons are commands to a task. @param name of this form among the page's: its key is its own */
export function commandForm(target: CommandTarget, name: string, content: Html, code = ""): Html {
  const { taskId, formToken, key } = target;
  return postForm(
    { action: `${taskPath(taskId)}/commands`, formToken },
    html`<input type="hidden" name="key" value="${key}-${name}" />
      ${code === "" ? "" : html`<input type="hidden" name="request" value="${code}" />`} ${content}`,
  );
}

interface CommandButton {
  readonly command: PageCommandName;
  readonly text: string;
  /** Classes beside `button`. */
  readonly look?: string;
  /** Of the request that it's for. */
  readonly code?: string;
}

/** A button that gives a command. */
export function commandButton({ command, text, look = "", code = "" }: CommandButton): Html {
  const id = code === "" ? command : `${command}-${code}`;
  return html`<button class="button ${look}" id="${id}" name="command" value="${command}">
    ${text}
  </button>`;
}
