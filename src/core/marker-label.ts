import type { Task, TaskState } from "./task.ts";

const RUNNING: ReadonlySet<TaskState> = new Set(["in_progress", "waiting_for_user", "idle"]);
const FAILED: ReadonlySet<TaskState> = new Set(["failed", "timed_out"]);

/** The label that the subject should have for a task, as the policy said when it started. */
export function markerLabel({
  state,
  denial,
  unfollowed,
  runningLabel,
  failedLabel,
}: Task): string | null {
  if (denial !== null) return null;
  // Of a session that nobody follows it is not known whether it runs.
  if (RUNNING.has(state)) return unfollowed === null ? runningLabel : null;
  return FAILED.has(state) ? failedLabel : null;
}
