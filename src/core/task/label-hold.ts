import { isBeginning } from "./next-step.ts";
import type { Task, TaskPlace } from "./task.ts";

/** A label asks once, however often it is set, until its task has begun. */
export function labelKey(repositoryId: number, subjectNumber: number, label: string): string {
  // GitHub does not distinguish labels by their case.
  return `label:${repositoryId}:${subjectNumber}:${label.toLowerCase()}`;
}

/** By which no second task is made for the label of one that has not begun; null for a command. */
export function holdOf({
  trigger,
  place,
  subject,
}: Pick<Task, "trigger" | "subject"> & {
  readonly place: Pick<TaskPlace, "repositoryId">;
}): string | null {
  if (trigger.type === "command") return null;
  return labelKey(place.repositoryId, subject.number, trigger.name);
}

/** Whether a change ends the hold, so re-adding the label starts a task. In another repository it's another label. */
export function endsHold(before: Task, after: Task): boolean {
  const hasMoved = before.place.repositoryId !== after.place.repositoryId;
  return hasMoved || (isBeginning(before) && !isBeginning(after));
}
