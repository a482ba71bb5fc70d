import type { Closing } from "../../src/core/closing.ts";
import type { Task, TaskChanges } from "../../src/core/task.ts";
import type { Trigger } from "../../src/core/trigger.ts";
import type { TaskStore } from "../../src/store/tasks.ts";
import { at } from "./living.ts";
import { ADMITTED, ASKED, moving, STARTED } from "./story.ts";
import { labelled } from "./trigger.ts";

let deliveries = 0;

/** What hubot did to the repository. */
export function source() {
  deliveries += 1;
  return { deliveryId: `closing-${deliveries}`, repositoryId: 1_296_269, by: "hubot" };
}

/** The ends of what is on issue 7, and of its branch. */
export const closed = (subjectNumber = 7, time = at(1)): Closing => {
  return { ...source(), type: "subject_closed", subjectNumber, at: time };
};
export const unlabelled = (label = "copilot:triage", subjectNumber = 7, time = at(1)): Closing => {
  return { ...source(), type: "label_removed", subjectNumber, label, at: time };
};
export const deleted = (branch = "main"): Closing => ({
  ...source(),
  type: "branch_deleted",
  branch,
});

/** A task of the label on issue 7: the store takes one such with a key, and any number without. */
export function triaged(number: number, changes: Partial<Trigger> = {}): Trigger {
  const event = { deliveryId: `delivery-${number}`, eventKey: `label:${number}` };
  return labelled({ ...event, subjectKey: null, ...changes });
}

/** A task that its runner has brought as far as the changes say. */
export async function recorded(
  tasks: TaskStore,
  trigger: Trigger,
  changes: TaskChanges,
): Promise<Task> {
  const task = await tasks.record(await moving(tasks, trigger), changes);
  if (task === null) throw new TypeError("lost");
  return task;
}

/** What is recorded of a session that runs, and is to be stopped with its subject. */
export const RUNNING: TaskChanges = { ...ADMITTED, ...ASKED, ...STARTED, onClose: "stop" };

/** What came of an end that concerns no task. */
export const NOTHING = { cancelled: 0, told: [] };
