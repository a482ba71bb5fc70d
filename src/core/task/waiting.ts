import type { Task } from "./task.ts";

/** A session whose end nobody saw counts as running for so long, in milliseconds. */
export const UNSEEN_MS = 3_600_000;

/** Whether a task waits until a session of its repository ends. */
export function isWaitingForPlace({
  schedule,
  session,
}: Pick<Task, "schedule" | "session">): boolean {
  return schedule.waitingSince !== null && session.intentAt === null;
}

/** Whether a task waits until its requester has connected their Copilot. */
export function isWaitingForConnection({
  schedule,
  session,
  outcome,
}: Pick<Task, "schedule" | "session" | "outcome">): boolean {
  return schedule.connectBy !== null && session.intentAt === null && outcome === null;
}

/** Whether a task whose start failed is to be started again, and its next attempt has asked for no session yet. */
export function isTriedAgain({
  schedule,
  session,
  outcome,
}: Pick<Task, "schedule" | "session" | "outcome">): boolean {
  return outcome === null && session.intentAt === null && schedule.retries > 0;
}

/**
 * Whether a task whose comment is written waits for a runtime: before its session is asked for, and with nothing else
 * to say, a task has a comment only when it waits for something.
 */
export function isWaitingForRuntime(task: Pick<Task, "schedule" | "session" | "outcome">): boolean {
  const { session, outcome } = task;
  return outcome === null && session.intentAt === null && !isWaitingForPlace(task);
}

/** Whether the session of a task counts as one of those that run at once. One that waits for people doesn't. */
function takesPlace({ state, session }: Task): boolean {
  return state === "in_progress" && session.intentAt !== null;
}

/** Whether a change of a task may let another one of its repository start. */
export function leavesRoom(before: Task, after: Task): boolean {
  if (takesPlace(before)) return !takesPlace(after);
  return isWaitingForPlace(before) && after.schedule.waitingSince === null && !takesPlace(after);
}

/** A task that waits, as far as its place in the line goes. */
export interface Waiter {
  readonly id: string;
  readonly ownerId: number;
  readonly requesterId: number;
  readonly repositoryId: number;
  readonly waitingSince: string | null;
  readonly atOnce: number | null;
  readonly notBefore: string | null;
  readonly leaseUntil: string | null;
  readonly commentId: number | null;
  readonly updatedAt: string;
}

/** First come, first served. */
export function comesBefore(one: Waiter, other: Pick<Waiter, "id" | "waitingSince">): boolean {
  const [mine, its] = [one.waitingSince ?? "", other.waitingSince];
  if (its === null || mine < its) return true;
  return mine === its && one.id < other.id;
}

/** One whose next try is to be later, e.g. because GitHub is away, doesn't hold up those behind it. */
export function isInLine({ notBefore }: Waiter, at: string): boolean {
  return notBefore === null || notBefore <= at;
}

/** The first in line is processed this often anyway, in milliseconds: the policy may have changed. */
const FIRST_EVERY_MS = 300_000;
/** Whoever was to write a task's comment has been cut off after so long, in milliseconds. */
const COMMENT_MS = 60_000;

/**
 * The tasks of those waiting in one repository to process now, first come, first served.
 *
 * @param running how many sessions of the repository run
 * @param atOnce how many may, where that is known better than each task knows it
 */
export function startable(
  waiting: readonly Waiter[],
  { running, now, atOnce }: { running: number; now: Date; atOnce: number | null | undefined },
): Waiter[] {
  const at = now.toISOString();
  const ago = (ms: number) => new Date(now.getTime() - ms).toISOString();
  const line = waiting
    .filter((waiter) => isInLine(waiter, at))
    .toSorted((one, other) => (comesBefore(one, other) ? -1 : 1));
  return line.filter(({ leaseUntil, commentId, updatedAt, ...waiter }, place) => {
    if (leaseUntil !== null && leaseUntil >= at) return false;
    const most = atOnce === undefined ? waiter.atOnce : atOnce;
    if (running + place < (most ?? Infinity)) return true;
    if (commentId === null && updatedAt < ago(COMMENT_MS)) return true;
    return place === 0 && updatedAt < ago(FIRST_EVERY_MS);
  });
}
