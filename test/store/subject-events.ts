import type { SubjectEvent } from "../../src/core/webhook/subject-event.ts";
import type { Task } from "../../src/core/task/task.ts";
import type { Trigger } from "../../src/core/webhook/trigger.ts";
import type { TaskStore } from "../../src/ports/tasks.ts";
import { at, living } from "./living.ts";
import type { Layer, TriggerLayer } from "../core/task.ts";
import { layered, over } from "../core/task.ts";
import { ADMITTED, ASKED, moving, record, STARTED } from "./story.ts";
import { labeled } from "./trigger.ts";

let deliveries = 0;

/** What hubot did to the repository. */
export function source() {
  deliveries += 1;
  const from = { deliveryId: `closing-${deliveries}`, repositoryId: 1_296_269, by: "hubot" };
  return { type: "subject_event", ...from } as const;
}

/** The ends of what is on issue 7, and of its branch. */
export const closed = (subjectNumber = 7, time = at(1)): SubjectEvent => {
  return { ...source(), change: { type: "subject_closed", subjectNumber, at: time } };
};
export const unlabeled = (
  label = "copilot:triage",
  subjectNumber = 7,
  time = at(1),
): SubjectEvent => {
  return { ...source(), change: { type: "label_removed", subjectNumber, label, at: time } };
};
export const deleted = (branch = "main"): SubjectEvent => ({
  ...source(),
  change: { type: "branch_deleted", branch },
});

/** A store that takes several tasks of one label that have not begun: then it doesn't matter which of them there are. */
export async function crowded() {
  const store = await living();
  await store.database.schema.dropIndex("tasks_subject").execute();
  return store;
}

/** A task of the label on issue 7. */
export function triaged(number: number, changes: TriggerLayer = {}): Trigger {
  const event = { deliveryId: `delivery-${number}`, eventKey: `label:${number}` };
  return layered(labeled({ trigger: event }), changes);
}

/** A task that its runner has brought as far as the changes say. */
export async function recorded(tasks: TaskStore, trigger: Trigger, changes: Layer): Promise<Task> {
  const task = await record(tasks, await moving(tasks, trigger), changes);
  if (task === null) throw new TypeError("lost");
  return task;
}

/** What is recorded of a session that runs, and is to be stopped with its subject. */
export const RUNNING = over(ADMITTED, ASKED, STARTED, { decision: { onClose: "stop" } });

/** What came of an end that concerns no task. */
export const NOTHING = { canceled: 0, steered: [], unanswered: [] };
