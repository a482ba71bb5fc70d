import { failureIn, isFinal } from "./outcome.ts";
import { isShownToPeople } from "./session.ts";
import type { Task } from "./task.ts";

/**
 * What is to be done next for a task, read off its row alone, so that a restart continues where the last
 * process stopped:
 *
 * - `receive`: decide about the requester and show that the trigger was seen
 * - `start`: create the session
 * - `interrupted`: a session was being created and nobody knows whether it was; never create another
 * - `resume`: a session exists, prompt and link may be missing
 * - `follow`: prompt and link are there, or the prompt alone on a machine of the administrator's, and the bot stays
 *   with the session
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
export function isBeginning({ settledAt, session, outcome }: Task): boolean {
  return settledAt === null && session.prompt.deliveredAt === null && !isFinal(outcome);
}

/** The next step of a task. */
export function nextStep({ settledAt, outcome, session, decision }: Task): NextStep {
  if (settledAt !== null) return "nothing";
  if (isFinal(outcome)) return "report";
  // A late agent can be waited for only where its session is known.
  if (failureIn(outcome) !== null) return session.id === null ? "report" : "resume";
  if (session.prompt.deliveredAt !== null && isShownToPeople(session)) {
    return session.followUntil === null ? "report" : "follow";
  }
  if (session.id !== null) return "resume";
  if (session.intentAt !== null) return "interrupted";
  if (decision.acknowledgedAt === null) return "receive";
  return "start";
}
