import type { Cancellation } from "./outcome.ts";
import type { Task } from "./task.ts";

/** Whether something of the task is, or may be, to be seen at its subject: a comment, a label, a check run. */
export function hasTraces({ shown: { comment, label, checkRun } }: Task): boolean {
  return [comment.intentAt, comment.id, label, checkRun].some((trace) => trace !== null);
}

/**
 * Whether a command is answered though its task was canceled for this: the end of its subject came before the task
 * could start. GitHub sends “Close with comment” as two events, and whoever wrote it waits for what comes of it.
 */
export function isAnsweredAfter(cancellation: Cancellation): boolean {
  return cancellation === "subject_closed" || cancellation === "branch_deleted";
}

/** Whether the task is a command that the end of its subject overtook. */
export function isOvertaken({ trigger, outcome }: Pick<Task, "trigger" | "outcome">): boolean {
  return trigger.type === "command" && outcome?.type === "canceled" && isAnsweredAfter(outcome.why);
}
