import type { GitHubHosts } from "../github/hosts.ts";
import { sessionPlace } from "../session/link.ts";
import type { TaskSession } from "../task/session.ts";
import { isShownToPeople } from "../task/session.ts";
import type { Task } from "../task/task.ts";
import { codeName } from "../text/quote.ts";

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
export function checkRunOf(task: Task, hosts: GitHubHosts): CheckRun | null {
  const { decision, outcome, session } = task;
  if (decision.checkCommit === null) return null;
  const link = sessionPlace(session, hosts)?.url ?? null;
  const summary = `Copilot task: ${decision.kind ?? ""}.${hostingSummary(session)} The task's comment has the details.`;
  if (outcome?.type === "failed" && outcome.watchUntil === null) {
    return { status: "completed", conclusion: "failure", link, summary };
  }
  // A task that was tried again may be refused then.
  if (outcome?.type === "denied" || outcome?.type === "canceled") {
    return { status: "completed", conclusion: "neutral", link, summary };
  }
  if (!isShownToPeople(session)) return { status: "queued", conclusion: null, link: null, summary };
  if (session.unfollowed === null && session.followUntil !== null) {
    return { status: "in_progress", conclusion: null, link, summary };
  }
  return { status: "completed", conclusion: CONCLUSIONS[task.state], link, summary };
}

/** A session that nobody follows may go either way. */
const CONCLUSIONS: Record<Task["state"], NonNullable<CheckRun["conclusion"]>> = {
  queued: "neutral",
  in_progress: "neutral",
  waiting_for_user: "neutral",
  idle: "neutral",
  completed: "success",
  failed: "failure",
  timed_out: "failure",
  cancelled: "neutral",
};

function hostingSummary({ hosting }: TaskSession): string {
  if (hosting === null) return "";
  if (hosting.machine === null) return " It's waiting for one of the administrator's machines.";
  const name = codeName(hosting.machine);
  if (hosting.awaySince !== null) return ` The administrator's machine ${name} isn't reached.`;
  const open = hosting.isIsolated === false ? ", where isolation is turned off" : "";
  return ` It runs on the administrator's machine ${name}${open}.`;
}
