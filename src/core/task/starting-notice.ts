import type { Task } from "./task.ts";

/**
 * When people are to learn that a task is starting, in milliseconds since the epoch: so long after they saw that their
 * request was noticed, however many attempts that takes.
 *
 * @param noticeMs how long a start may take without a word
 */
export function noticeDueAt({ decision, createdAt }: Task, noticeMs: number): number {
  return Date.parse(decision.acknowledgedAt ?? createdAt) + noticeMs;
}

/**
 * When an attempt that begins now has to say that it's starting: where people have read something of the task already,
 * and where it's the first attempt, only if it takes long itself.
 */
export function attemptDueAt(task: Task, now: number, noticeMs: number): number {
  const isKnown = task.schedule.retries === 0 || task.shown.comment.id !== null;
  return isKnown ? now + noticeMs : Math.max(now, noticeDueAt(task, noticeMs));
}
