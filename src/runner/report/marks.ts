import { checkRunOf } from "../../core/comment/check-run.ts";
import { markerLabel } from "../../core/comment/marker-label.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { Task } from "../../core/task/task.ts";
import * as show from "../../core/task/transitions/showing.ts";
import type { Ports } from "../../ports/ports.ts";
import { record } from "../lease/record.ts";

type MarkPorts = Pick<Ports, "tasks" | "github" | "digest">;

/** Brings the labels to what the policy wants of them; a courtesy, as far as the task goes. */
export async function bringLabels(ports: MarkPorts, task: Task): Promise<Task> {
  const { github, tasks } = ports;
  let current = task;
  const { label, labelToRemove } = task.shown;
  if (labelToRemove !== null) {
    await github.removeLabel(task, labelToRemove);
    current = await record(tasks, current, show.triggerLabelRemoved(current));
  }
  const wanted = markerLabel(task);
  if (label === wanted) return current;
  if (label !== null) await takeOff(ports, task, label);
  if (wanted !== null) await github.addLabel(task, wanted);
  // An earlier task of this subject may have left it there.
  const { running, failed } = task.decision.labels;
  if (wanted !== null && wanted === running && failed !== null) {
    await github.removeLabel(task, failed);
  }
  return record(tasks, current, show.labelShown(current, wanted));
}

/**
 * A label of running tasks stays as long as another one of the subject runs. Rows show which do, and show
 * it before labels are touched: of two that end at once, the later look finds that none is left.
 */
async function takeOff({ github, tasks }: MarkPorts, task: Task, label: string): Promise<void> {
  const isShownByOthers = async () =>
    label === task.decision.labels.running &&
    (await tasks.siblingTasks(task)).some((other) => markerLabel(other) === label);
  if (await isShownByOthers()) return;
  await github.removeLabel(task, label);
  // One that began in between may have added it before it was removed.
  if (await isShownByOthers()) await github.addLabel(task, label);
}

/** Brings the check run to what the task says, where the policy wants one. */
export async function bringCheckRun(
  ports: MarkPorts,
  task: Task,
  hosts: GitHubHosts,
): Promise<Task> {
  const run = checkRunOf(task, hosts);
  const { checkCommit } = task.decision;
  if (run === null || checkCommit === null) return task;
  const digest = ports.digest(JSON.stringify(run));
  const { checkRun } = task.shown;
  if (checkRun?.digest === digest) return task;
  const id = await ports.github.writeCheckRun(task, checkCommit, checkRun?.id ?? null, run);
  return record(ports.tasks, task, show.checkRunWritten(task, { id, digest }));
}
