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

/**
 * The task that already tries again what a retry would, itself or as a retry of a retry; null where there's none, so
 * the retry may start.
 *
 * @param retry names the task that it tries again
 * @param others of its thread, that are retries too
 */
export function retriedAs(retry: Task, others: readonly Task[]): Task | null {
  const before = lineOf(retry.decision.retryOf, others);
  const isSame = ({ id }: Task) =>
    !before.includes(id) && lineOf(id, others).at(-1) === before.at(-1);
  return others.find((other) => isSame(other) && isInTheWay(other, retry)) ?? null;
}

/** The ids of a task, of what it tries again, of what that one tries again, and so on. */
function lineOf(id: string | null, retries: readonly Task[]): string[] {
  if (id === null) return [];
  const retry = retries.find((one) => one.id === id);
  return [id, ...lineOf(retry?.decision.retryOf ?? null, retries)];
}

/** Whoever asked before a retry was over didn't know what came of it: if it had a session, another one is too many. */
function isInTheWay({ settledAt, session, outcome }: Task, { trigger }: Task): boolean {
  if (settledAt === null) return session.intentAt !== null || !isFinal(outcome);
  return session.intentAt !== null && Date.parse(settledAt) > Date.parse(trigger.at);
}
