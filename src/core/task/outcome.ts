import type { DenialReason } from "./denial.ts";
import type { FailureCause, FailureCode } from "./failure.ts";

/** Why the bot ended a task that nobody needs anymore. */
export type Cancellation =
  | "subject_gone"
  | "installation_deleted"
  | "installation_suspended"
  | "repository_removed"
  | "repository_deleted"
  | "label_without_meaning"
  /** It may have been meant as a command, and its author may start nothing. */
  | "command_misplaced"
  | "subject_closed"
  | "label_removed"
  | "branch_deleted"
  | "subject_deleted"
  /** Its issue is now in a repository where the App isn't installed. */
  | "subject_transferred"
  /** Its requester didn't connect their Copilot in time. */
  | "not_connected"
  /** Somebody stopped it before its session had the prompt. */
  | "stopped";

/** The gate refused the task. */
export interface DeniedOutcome {
  readonly type: "denied";
  readonly reason: DenialReason;
  /** The denial's sentence; null where no comment says it: strangers get no reply in words, and pages have their own. */
  readonly text: string | null;
}

/** The task failed. It may also have failed after its session had the prompt. */
export interface FailedOutcome {
  readonly type: "failed";
  readonly code: FailureCode;
  readonly cause: FailureCause | null;
  /** When the failure passes by itself, where that is known. */
  readonly passesAt: string | null;
  /** The other side's answer on one line, without credentials. */
  readonly detail: string | null;
  /**
   * Until then the bot waits for an agent that is late, behind a comment that says so: the task may still start.
   * Null for a failure that is final.
   */
  readonly watchUntil: string | null;
}

/** Nobody needs the task anymore, or nobody can be reached. */
export interface CanceledOutcome {
  readonly type: "canceled";
  readonly why: Cancellation;
}

/** The command was a question about the bot, or about a task, and this is the answer. */
export interface AnsweredOutcome {
  readonly type: "answered";
  readonly markdown: string;
}

/** What came of a task apart from its session. A task has one at most: a newer one replaces the older. */
export type TaskOutcome = DeniedOutcome | FailedOutcome | CanceledOutcome | AnsweredOutcome;

/** The failure of a task; null when it has none, or no longer has. */
export function failureIn(outcome: TaskOutcome | null): FailedOutcome | null {
  return outcome?.type === "failed" ? outcome : null;
}

/** Whether the task can't continue: a late agent may still be waited for. */
export function isFinal(outcome: TaskOutcome | null): boolean {
  if (outcome === null) return false;
  return outcome.type !== "failed" || outcome.watchUntil === null;
}
