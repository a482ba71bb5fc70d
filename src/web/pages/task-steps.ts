import { html } from "hono/html";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { CommandGiver, SessionCommandType } from "../../core/session/session-command.ts";
import type { AuditEntry } from "../../core/task/audit.ts";
import type { TaskState } from "../../core/task/task.ts";
import type { Html } from "./document.ts";
import { codeNamed, personNamed } from "./names.ts";
import { STATE_NAMES } from "./task-label.ts";
import { spanOf, timeOf } from "./time.ts";

/** A step of a task, as the audit has it. */
export type TaskStep = Pick<AuditEntry, "step" | "reason" | "at">;

/** A command that somebody gave to the task. */
export interface StepCommand extends CommandGiver {
  readonly type: SessionCommandType;
  readonly createdAt: string;
}

interface Moment {
  readonly at: string;
  readonly words: Html;
}

/** Everything that happened to a task, oldest first, each with its time. */
export function stepList(
  steps: readonly TaskStep[],
  commands: readonly StepCommand[],
  { requester, hosts }: { readonly requester: string; readonly hosts: GitHubHosts },
): Html {
  const moments = [
    ...steps.map((step): Moment => ({ at: step.at, words: wordsOf(step, requester, hosts) })),
    ...commands.map((command): Moment => ({
      at: command.createdAt,
      words: givenWords(command, hosts),
    })),
  ].toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
  if (moments.length === 0) return html`<p class="muted">Nothing is recorded yet.</p>`;
  return html`<ol class="steps">
    ${moments.map(({ at, words }, index) => {
      const before = moments[index - 1];
      const after =
        before === undefined ? "" : `${spanOf(Date.parse(at) - Date.parse(before.at))} later`;
      return html`<li>
        <p>${words}</p>
        <p class="meta">
          ${timeOf(at, "second")} ${after === "" ? "" : html`<span class="after">${after}</span>`}
        </p>
      </li>`;
    })}
  </ol>`;
}

function wordsOf({ step, reason }: TaskStep, requester: string, hosts: GitHubHosts): Html {
  const why = reason ?? "";
  switch (step) {
    case "asked":
      return html`Requested by ${personNamed(requester, hosts)}${placeWords(why)}`;
    case "allowed":
      return html`Allowed by the policy`;
    case "denied":
      return html`Not allowed: ${codeNamed(why)}`;
    case "answered":
      return html`Answered`;
    case "passed_on":
      return html`Passed on to the session: ${codeNamed(`/copilot ${why}`)}`;
    case "session_asked_for":
      return html`Session requested`;
    case "session_started":
      return html`Session started`;
    case "prompt_delivered":
      return html`Copilot received the request`;
    case "failed":
      return html`Failed: ${codeNamed(why)}`;
    case "tried_again":
      return html`Scheduled for another try`;
    case "canceled":
      return html`Canceled: ${codeNamed(why)}`;
    case "ended":
      return html`Session ended: ${isState(why) ? STATE_NAMES[why].toLowerCase() : codeNamed(why)}`;
    default:
      return step satisfies never;
  }
}

function isState(text: string): text is TaskState {
  return Object.hasOwn(STATE_NAMES, text);
}

const COMMANDS: Readonly<Record<SessionCommandType, string>> = {
  status: "asked for an update",
  send: "sent a message",
  stop: "asked to stop",
  approve: "approved a request, or answered a question",
  deny: "denied a request, or declined a question",
  share: "asked to show the session on GitHub",
  unshare: "asked to stop showing the session on GitHub",
  resume: "had the bot follow the session again",
  pull_request: "opened a pull request",
};

function givenWords({ type, requester, place }: StepCommand, hosts: GitHubHosts): Html {
  return html`${personNamed(requester, hosts)}${placeWords(place)} ${COMMANDS[type]}`;
}

/** As the task's comment says it. */
function placeWords(place: string | null | undefined): string {
  return place === "page" ? " (on the page)" : "";
}
