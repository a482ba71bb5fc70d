import { isFinal } from "./outcome.ts";
import type { Task } from "./task.ts";

/** Whether a task can be tried again as soon as it's settled: what it was to do is known, and it came to nothing. */
export function canBeRetried({ decision, state, session, outcome }: Task): boolean {
  if (decision.kind === null || outcome?.type === "answered" || state === "completed") return false;
  // The session, or a late agent, may still get to it.
  if (session.followUntil !== null || (outcome !== null && !isFinal(outcome))) return false;
  const isOver = state === "failed" || state === "cancelled" || state === "timed_out";
  return isOver || outcome?.type === "failed" || outcome?.type === "denied";
}
