import type { Failure, FailureCode } from "../failure.ts";
import { failedOutcome } from "../failed-outcome.ts";
import type { Cancellation, DeniedOutcome, TaskOutcome } from "../outcome.ts";
import type { Task } from "../task.ts";

/** The gate refused the task. */
export function denied(task: Task, { reason, text }: Omit<DeniedOutcome, "type">): Task {
  return { ...outOfLine(task), state: "failed", outcome: { type: "denied", reason, text } };
}

/** The task failed for good. */
export function failedForGood(task: Task, failure: Failure): Task {
  const state = failure.code === "start_timed_out" ? "timed_out" : "failed";
  const ended = { ...outOfLine(task), state, outcome: failedOutcome(failure) } as const;
  return withIntentAfter(ended, failure);
}

/** The failure passes: the task starts again then. */
export function retryScheduled(task: Task, failure: Failure, notBefore: string): Task {
  const schedule = { ...task.schedule, notBefore, retries: task.schedule.retries + 1 };
  return withIntentAfter({ ...task, state: "queued", schedule }, failure);
}

/** Nobody needs the task anymore. */
export function canceled(task: Task, why: Cancellation): Task {
  return { ...outOfLine(task), state: "cancelled", outcome: { type: "canceled", why } };
}

/** Somebody stopped the task before its session got the prompt; the note says who. */
export function stopped(task: Task, note: string): Task {
  return noted(canceled(task, "stopped"), note);
}

/** The task is about to end, and this came of the last command to it. */
export function noted(task: Task, note: string): Task {
  const { session } = task;
  return { ...task, session: { ...session, progress: { ...session.progress, note } } };
}

/** The command is answered. */
export function answered(task: Task, markdown: string): Task {
  return { ...task, state: "completed", outcome: { type: "answered", markdown } };
}

/**
 * The command was passed on to the task that it is for, and has no comment of its own.
 *
 * @param sessionId of that task; null while it has no session
 */
export function passedOn(task: Task, at: string, sessionId: string | null): Task {
  const session = { ...task.session, id: sessionId };
  return settled({ ...task, state: "completed", session }, at);
}

/** Why nothing more can be said of a task. */
export type Silence =
  | { readonly type: "canceled"; readonly why: Cancellation }
  | { readonly type: "failed"; readonly code: FailureCode; readonly detail: string };

/** Nothing more can be said. What has come of the task stays what has come of it: a session keeps its state. */
export function silenced(task: Task, silence: Silence): Task {
  if (task.outcome !== null) return task;
  const outcome: TaskOutcome =
    silence.type === "canceled"
      ? silence
      : { ...silence, cause: null, passesAt: null, watchUntil: null };
  return { ...task, outcome };
}

/** The bot has nothing left to do. */
export function settled(task: Task, settledAt: string): Task {
  return { ...task, settledAt };
}

/** Others get the place that the task waited for. */
function outOfLine(task: Task): Task {
  return { ...task, schedule: { ...task.schedule, waitingSince: null } };
}

/** A session that is known stays so, whatever failed after it. One on an own machine has an id before it's there. */
function withIntentAfter(task: Task, { nothingCreated }: Failure): Task {
  const { session } = task;
  if (!nothingCreated) return task;
  if (session.hosting !== null)
    return { ...task, session: { ...session, intentAt: null, id: null } };
  return session.id === null ? { ...task, session: { ...session, intentAt: null } } : task;
}
