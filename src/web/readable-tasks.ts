import type { Task } from "../core/task/task.ts";
import type { TaskLists } from "../ports/task-lists.ts";
import type { ReadableRepository, Viewer } from "../ports/viewing.ts";

/** A task that somebody may see, and its repository as they can read it. */
export interface ReadableTask {
  readonly task: Task;
  readonly repository: ReadableRepository;
}

const TASK_ID = /^[\w-]{1,64}$/u;

/**
 * A task that this person may see; null where there's none, or it's not for them. Nothing that they notice differs
 * between the two. GitHub is asked before the database says more than where the task is.
 */
export async function findReadableTask(
  lists: Pick<TaskLists, "find" | "whereIs">,
  viewer: Viewer,
  id: string,
): Promise<ReadableTask | null> {
  await viewer.scope();
  const place = TASK_ID.test(id) ? await lists.whereIs(id) : null;
  const repository = await viewer.repository(place);
  const task = repository === null ? null : await lists.find(id, [repository]);
  return task === null || repository === null ? null : { task, repository };
}
