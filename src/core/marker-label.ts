import type { Task, TaskState } from "./task.ts";

const RUNNING: ReadonlySet<TaskState> = new Set(["in_progress", "waiting_for_user", "idle"]);
const FAILED: ReadonlySet<TaskState> = new Set(["failed", "timed_out"]);

/** The label that the subject should have for a task, as the policy said when it started. */
export function markerLabel({ state, denial, runningLabel, failedLabel }: Task): string | null {
  if (denial !== null) return null;
  if (RUNNING.has(state)) return runningLabel;
  return FAILED.has(state) ? failedLabel : null;
}
