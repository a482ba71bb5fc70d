import { commentMarker, renderComment } from "../core/comment.ts";
import type { Task } from "../core/task.ts";
import type { GitHubTrouble, Patience, Ports } from "./ports.ts";
import { record } from "./record.ts";
import type { Next } from "./ending.ts";

/** Tells people what came of a task. */
export interface Reporter {
  /** Brings the thread to what the task says, and settles the task. */
  report(task: Task): Promise<Next>;
  /** Brings the thread to what the task says so far. Trouble is left to the report at the end. */
  tell(task: Task): Promise<Task>;
}

/** The reporter over its ports; `origin` is that of the GitHub that comments are on. */
export function createReporter(
  ports: Ports,
  origin: string,
  { reportAgainMs }: Patience,
): Reporter {
  const { github, log, tasks } = ports;

  async function settle(task: Task): Promise<Next> {
    const settled = { settledAt: ports.now().toISOString() };
    if (task.settledAt === null) await record(tasks, task, settled);
    log.info(outcome(task), "task settled");
    return "done";
  }

  /** GitHub's trouble with telling; null when it is told. A defect rejects. */
  async function attempt(tell: () => Promise<unknown>, task: Task): Promise<GitHubTrouble | null> {
    try {
      await tell();
      return null;
    } catch (error) {
      const trouble = github.troubleOf(error);
      if (trouble === null) throw error;
      log.warn({ taskId: task.id, trouble }, "the thread could not be brought up to date");
      return trouble;
    }
  }

  return {
    async report(task) {
      let told = task;
      const trouble = await attempt(async () => {
        if (isSilent(task)) await github.react(task, "confused");
        else told = await bringUpToDate(ports, task, renderComment(task, origin));
      }, task);
      if (trouble?.type === "unreachable") {
        // GitHub being away does not lose a comment: it is tried until it is there.
        return { afterMs: Math.max(reportAgainMs, (trouble.retryAfterSeconds ?? 0) * 1000) };
      }
      return settle(told);
    },
    async tell(task) {
      let told = task;
      await attempt(async () => {
        told = await bringUpToDate(ports, task, renderComment(task, origin));
      }, task);
      return told;
    },
  };
}

function outcome({ id, deliveryId, state, denial, failureCode, linkUrl }: Task) {
  return { taskId: id, deliveryId, state, denial, failureCode, linkUrl };
}

/** A stranger's command is answered by a reaction alone: strangers cannot make the bot talk. */
function isSilent(task: Task): boolean {
  return task.denial === "no_write_access" && task.commandPlace !== null;
}

async function bringUpToDate(ports: Ports, task: Task, body: string): Promise<Task> {
  const { github, tasks } = ports;
  const commentDigest = ports.digest(body);
  const known = task.commentId ?? (await adopt(ports, task));
  if (known !== null) {
    if (task.commentId === known && task.commentDigest === commentDigest) return task;
    if (await isUpdated(ports, task, known, body)) {
      return record(tasks, task, { commentId: known, commentDigest });
    }
  }
  const commentIntentAt = ports.now().toISOString();
  const intending = await record(tasks, task, { commentIntentAt });
  const commentId = await github.createComment(intending, body);
  return record(tasks, intending, { commentId, commentDigest });
}

/** False when somebody has deleted the comment: then it is written anew. */
async function isUpdated({ github }: Ports, task: Task, commentId: number, body: string) {
  try {
    await github.updateComment(task, commentId, body);
    return true;
  } catch (error) {
    if (github.troubleOf(error)?.type === "gone") return false;
    throw error;
  }
}

/** A comment that was meant to be created, and may have been: the marker tells. */
async function adopt({ github }: Ports, task: Task): Promise<number | null> {
  if (task.commentIntentAt === null) return null;
  return github.findComment(task, commentMarker(task.id));
}
