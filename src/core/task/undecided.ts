import { MAX_PAUSE_MS } from "../github/trouble.ts";
import { purposeOf } from "./purpose.ts";
import type { Task } from "./task.ts";

/** For so long before a retry, a start may be what it's to try again, if nobody has decided about it, in milliseconds. */
const SAME_MOMENT_MS = 30_000;

/**
 * Whether another task of the thread may be about to start what a retry would start a second time: what was asked for a
 * moment before it, or another retry, however long that takes to be decided.
 */
export function isUndecidedBefore(retry: Task, other: Task): boolean {
  if (other.settledAt !== null || other.decision.kind !== null || other.outcome !== null)
    return false;
  const beforeMs = Date.parse(retry.createdAt) - Date.parse(other.createdAt);
  if (beforeMs < 0 || (beforeMs === 0 && other.id > retry.id)) return false;
  const purpose = purposeOf(other);
  if (purpose.type === "session") return beforeMs < SAME_MOMENT_MS;
  return purpose.type === "session_command" && purpose.command === "retry";
}

/** The shortest pause between two looks at what a retry waits for, in milliseconds. */
const FIRST_LOOK_MS = 1_000;

/**
 * Until it's looked again whether what a retry waits for has been decided, in milliseconds: ever longer, because each
 * look is an attempt, and GitHub may be away for hours.
 */
export function undecidedPauseMs({ createdAt }: Task, now: Date): number {
  const waitedMs = now.getTime() - Date.parse(createdAt);
  return Math.min(Math.max(waitedMs / 4, FIRST_LOOK_MS), MAX_PAUSE_MS);
}
