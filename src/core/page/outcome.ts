import type { DenialReason } from "../task/denial.ts";
import type { FailureCode } from "../task/failure.ts";
import type { Cancellation } from "../task/outcome.ts";
import { isFinal } from "../task/outcome.ts";
import { purposeOf } from "../task/purpose.ts";
import type { Task } from "../task/task.ts";

/** What a command from a page has come to, so far. Texts are Markdown of the bot's own, as its comments have them. */
export type PageOutcome =
  /** Nobody has decided about it yet. */
  | { readonly type: "pending" }
  /** It reached the task. What it comes to there, the task says itself: its note is what came of the last command. */
  | { readonly type: "passed_on" }
  /** The command's own task tries the other one again. */
  | { readonly type: "retrying"; readonly taskId: string }
  /** The person may not do this. Without a text, an older version has decided, or the command was given in a thread. */
  | { readonly type: "denied"; readonly reason: DenialReason; readonly text: string | null }
  /** It makes no sense for the task as it is: nothing was changed. */
  | { readonly type: "not_done"; readonly text: string }
  /** Nobody could decide about it: GitHub has refused to answer, or the bot's account is unknown. */
  | { readonly type: "failed"; readonly code: FailureCode }
  /** Nobody needs it anymore, or the bot lost access to the repository. */
  | { readonly type: "canceled"; readonly why: Cancellation };

/** What a command from a page has come to, from its own task. */
export function outcomeOnPage(task: Task): PageOutcome {
  const { id: taskId, outcome, settledAt, decision } = task;
  // What becomes of a task that was started is on its own page.
  if (decision.acknowledgedAt !== null) return { type: "retrying", taskId };
  switch (outcome?.type) {
    case "denied":
      return { type: "denied", reason: outcome.reason, text: outcome.text };
    case "answered":
      return { type: "not_done", text: outcome.markdown };
    case "failed":
      return isFinal(outcome) ? { type: "failed", code: outcome.code } : PENDING;
    case "canceled":
      return { type: "canceled", why: outcome.why };
    case undefined:
      return settledAt !== null && purposeOf(task).type === "session_command"
        ? { type: "passed_on" }
        : PENDING;
    default:
      return outcome satisfies never;
  }
}

const PENDING: PageOutcome = { type: "pending" };
