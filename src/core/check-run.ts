import { usableLink } from "./link.ts";
import type { Task } from "./task.ts";

/** A check run of GitHub's, as the bot shows a task on the head of a pull request. */
export interface CheckRun {
  readonly status: "queued" | "in_progress" | "completed";
  /** Only of a completed one. */
  readonly conclusion: "success" | "failure" | "neutral" | null;
  /** Where the session is. */
  readonly link: string | null;
  readonly summary: string;
}

/** The check run that a task should have now; null for one that should have none. */
export function checkRunOf(task: Task): CheckRun | null {
  if (task.checkCommit === null) return null;
  const link = usableLink(task.linkUrl ?? "");
  const summary = `Copilot task: ${task.kind ?? ""}. The comment of the task tells more.`;
  if (task.failureCode !== null && task.watchUntil === null) {
    return { status: "completed", conclusion: "failure", link, summary };
  }
  // A task that was tried again may be refused then.
  if (task.denial !== null || task.cancellation !== null) {
    return { status: "completed", conclusion: "neutral", link, summary };
  }
  if (task.linkUrl === null) return { status: "queued", conclusion: null, link: null, summary };
  if (task.unfollowed === null && task.followUntil !== null) {
    return { status: "in_progress", conclusion: null, link, summary };
  }
  // A session that nobody follows may go either way.
  const conclusion = CONCLUSIONS[task.state] ?? "neutral";
  return { status: "completed", conclusion, link, summary };
}

const CONCLUSIONS: Partial<Record<Task["state"], "success" | "failure">> = {
  completed: "success",
  failed: "failure",
  timed_out: "failure",
};
