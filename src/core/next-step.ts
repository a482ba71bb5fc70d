import type { Task } from "./task.ts";

/**
 * What is to be done next for a task, read off its row alone, so that a restart goes on where the last
 * process stopped:
 *
 * - `receive`: decide about the requester and show that the trigger was seen
 * - `start`: create the cloud session
 * - `interrupted`: a session was being created and nobody knows whether it was; never create another
 * - `resume`: a session exists, prompt and link may be missing
 * - `follow`: prompt and link are there, and the bot stays with the session
 * - `report`: all is known, the comment has to say it
 * - `nothing`: settled
 */
export type NextStep =
  | "receive"
  | "start"
  | "interrupted"
  | "resume"
  | "follow"
  | "report"
  | "nothing";

/** Whether a session may yet get the task's prompt, and has not got it. */
export function isBeginning(task: Task): boolean {
  if (task.settledAt !== null || task.promptDeliveredAt !== null) return false;
  const hasFailed = task.failureCode !== null && task.watchUntil === null;
  return !hasFailed && [task.answer, task.denial, task.cancellation].every((end) => end === null);
}

/** The next step of a task. */
export function nextStep(task: Task): NextStep {
  if (task.settledAt !== null) return "nothing";
  if (task.cancellation !== null) return "report";
  if (task.watchUntil !== null && task.sessionId !== null) return "resume";
  if (task.answer !== null || task.denial !== null || task.failureCode !== null) return "report";
  if (task.promptDeliveredAt !== null && task.linkUrl !== null) {
    return task.followUntil === null ? "report" : "follow";
  }
  if (task.sessionId !== null) return "resume";
  if (task.sessionIntentAt !== null) return "interrupted";
  if (task.acknowledgedAt === null) return "receive";
  return "start";
}
