import type { Task, TaskState } from "../task/task.ts";

const RUNNING: ReadonlySet<TaskState> = new Set(["in_progress", "waiting_for_user", "idle"]);
const FAILED: ReadonlySet<TaskState> = new Set(["failed", "timed_out"]);

/** The label that the subject should have for a task, as the policy said when it started. */
export function markerLabel({
  state,
  outcome,
  session,
  decision: { labels },
}: Task): string | null {
  if (outcome?.type === "denied") return null;
  // Of a session that nobody follows it is not known whether it runs.
  if (RUNNING.has(state)) return session.unfollowed === null ? labels.running : null;
  return FAILED.has(state) ? labels.failed : null;
}
