import type { Task } from "./task.ts";

/** Whether something of the task is to be seen at its subject: a comment, a label, a check run. */
export function hasTraces({ commentId, shownLabel, checkRunId }: Task): boolean {
  return [commentId, shownLabel, checkRunId].some((trace) => trace !== null);
}
