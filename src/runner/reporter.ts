import { checkRunOf } from "../core/check-run.ts";
import { commentMarker, renderComment } from "../core/comment.ts";
import { markerLabel } from "../core/marker-label.ts";
import type { Task } from "../core/task.ts";
import type { GitHubTrouble, Patience, Ports } from "./ports.ts";
import { createQuiet } from "./quiet.ts";
import { record } from "./record.ts";
import type { Next } from "./ending.ts";

/** Tells people what came of a task. */
export interface Reporter {
  /** Brings the thread to what the task says, and settles the task. */
  report(task: Task): Promise<Next>;
  /** Brings the thread to what the task says so far. Trouble is left to the report at the end. */
  tell(task: Task): Promise<Task>;
  /** Shows the task where the policy wants it shown besides the comment; trouble is left for later. */
  mark(task: Task): Promise<Task>;
  /** Whether the comment says what the task says. */
  isUpToDate(task: Task): boolean;
  /** Until when GitHub wants to hear nothing more of a task, in milliseconds since the epoch. */
  quietUntil(task: Task): number;
}

type ReporterPorts = Pick<Ports, "tasks" | "github" | "log" | "now" | "digest">;

/** The reporter over its ports; `origin` is that of the GitHub that comments are on. */
export function createReporter(
  ports: ReporterPorts,
  origin: string,
  { reportAgainMs }: Pick<Patience, "reportAgainMs">,
): Reporter {
  const { github, log } = ports;
  const quiet = createQuiet(ports.now);

  /** GitHub's trouble with telling; null when it is told. A defect rejects. */
  async function attempt(tell: () => Promise<unknown>, task: Task): Promise<GitHubTrouble | null> {
    try {
      await tell();
      return null;
    } catch (error) {
      const trouble = github.troubleOf(error);
      if (trouble === null) throw error;
      quiet.heed(task, trouble);
      log.warn({ taskId: task.id, trouble }, "the thread could not be brought up to date");
      return trouble;
    }
  }

  return {
    async report(task) {
      const afterMs = quiet.leftMs(task);
      if (afterMs > 0) return { afterMs };
      let told = task;
      const trouble = await attempt(async () => {
        if (isSilent(task)) await github.react(task, "confused");
        else if (!isTacit(task))
          told = await bringUpToDate(ports, task, renderComment(task, origin));
        told = await bringLabels(ports, told);
        told = await bringCheckRun(ports, told);
      }, task);
      if (trouble?.type === "unreachable") {
        // GitHub being away does not lose a comment: it is tried until it is there.
        return { afterMs: Math.max(reportAgainMs, (trouble.retryAfterSeconds ?? 0) * 1000) };
      }
      return settle(ports, told);
    },
    async tell(task) {
      if (quiet.leftMs(task) > 0) return task;
      let told = task;
      const keep = (known: Task) => {
        told = known;
      };
      await attempt(async () => {
        told = await bringUpToDate(ports, task, renderComment(task, origin), keep);
        told = await bringLabels(ports, told);
        told = await bringCheckRun(ports, told);
      }, task);
      return told;
    },
    async mark(task) {
      let marked = task;
      await attempt(async () => {
        marked = await bringCheckRun(ports, task);
      }, task);
      return marked;
    },
    quietUntil: (task) => quiet.until(task),
    isUpToDate: (task) => task.commentDigest === ports.digest(renderComment(task, origin)),
  };
}

async function settle({ tasks, log, now }: ReporterPorts, task: Task): Promise<Next> {
  const settled = { settledAt: now().toISOString() };
  if (task.settledAt === null) await record(tasks, task, settled);
  log.info(outcome(task), "task settled");
  return "done";
}

function outcome({ id, deliveryId, state, denial, failureCode, linkUrl }: Task) {
  return { taskId: id, deliveryId, state, denial, failureCode, linkUrl };
}

/** A stranger's command is answered by a reaction alone: strangers cannot make the bot talk. */
function isSilent(task: Task): boolean {
  return task.denial !== null && task.denialText === null;
}

/** Nobody waits for news of what they ended themselves: only a comment that is there tells it. */
function isTacit({ cancellation, commentId }: Task): boolean {
  return cancellation !== null && cancellation !== "stopped" && commentId === null;
}

/** @param keep gets what is known before GitHub's answer, for when none comes */
async function bringUpToDate(
  ports: ReporterPorts,
  task: Task,
  body: string,
  keep: (known: Task) => void = () => {},
): Promise<Task> {
  const { github, tasks } = ports;
  const commentDigest = ports.digest(body);
  const known = task.commentId ?? (await adopt(ports, task));
  if (known !== null) {
    if (task.commentId === known && task.commentDigest === commentDigest) return task;
    // An edit without an answer may have been made: what the comment says is not known then.
    keep({ ...task, commentDigest: null });
    if (await isUpdated(ports, task, known, body)) {
      return record(tasks, task, { commentId: known, commentDigest });
    }
  }
  const commentIntentAt = ports.now().toISOString();
  const intending = await record(tasks, task, { commentIntentAt });
  keep(intending);
  const commentId = await github.createComment(intending, body);
  return record(tasks, intending, { commentId, commentDigest });
}

/** Brings the labels to what the policy wants of them; a courtesy, as far as the task goes. */
async function bringLabels(ports: ReporterPorts, task: Task): Promise<Task> {
  const { github, tasks } = ports;
  let current = task;
  if (task.labelToRemove !== null) {
    await github.removeLabel(task, task.labelToRemove);
    current = await record(tasks, current, { labelToRemove: null });
  }
  const wanted = markerLabel(task);
  if (current.shownLabel === wanted) return current;
  if (current.shownLabel !== null) await takeOff(ports, task, current.shownLabel);
  if (wanted !== null) await github.addLabel(task, wanted);
  // An earlier task of this subject may have left it there.
  const { runningLabel, failedLabel } = task;
  if (wanted !== null && wanted === runningLabel && failedLabel !== null) {
    await github.removeLabel(task, failedLabel);
  }
  return record(tasks, current, { shownLabel: wanted });
}

/**
 * A label of running tasks stays as long as another one of the subject runs. Rows tell which do, and tell
 * it before labels are touched: of two that end at once, the later look finds that none is left.
 */
async function takeOff({ github, tasks }: ReporterPorts, task: Task, label: string): Promise<void> {
  const isShownByOthers = async () =>
    label === task.runningLabel &&
    (await tasks.besides(task)).some((other) => markerLabel(other) === label);
  if (await isShownByOthers()) return;
  await github.removeLabel(task, label);
  // One that began in between may have set it before it was taken off.
  if (await isShownByOthers()) await github.addLabel(task, label);
}

/** Brings the check run to what the task says, where the policy wants one. */
async function bringCheckRun(ports: ReporterPorts, task: Task): Promise<Task> {
  const run = checkRunOf(task);
  if (run === null || task.checkCommit === null) return task;
  const checkRunDigest = ports.digest(JSON.stringify(run));
  if (task.checkRunDigest === checkRunDigest) return task;
  const { checkCommit, checkRunId } = task;
  const id = await ports.github.writeCheckRun(task, checkCommit, checkRunId, run);
  return record(ports.tasks, task, { checkRunId: id, checkRunDigest });
}

/** False when somebody has deleted the comment: then it is written anew. */
async function isUpdated({ github }: ReporterPorts, task: Task, commentId: number, body: string) {
  try {
    await github.updateComment(task, commentId, body);
    return true;
  } catch (error) {
    if (github.troubleOf(error)?.type === "gone") return false;
    throw error;
  }
}

/** A comment that was meant to be created, and may have been: the marker tells. */
async function adopt({ github }: ReporterPorts, task: Task): Promise<number | null> {
  if (task.commentIntentAt === null) return null;
  return github.findComment(task, commentMarker(task.id));
}
