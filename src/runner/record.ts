import type { Task, TaskChanges } from "../core/task.ts";
import type { Tasks } from "./ports.ts";

/** Somebody else has claimed the task since: whoever gets this stops, without a trace. */
export class LostClaim extends Error {
  override readonly name = "LostClaim";
}

/**
 * Writes changes under a claim.
 *
 * @throws LostClaim when the claim is no longer ours
 */
export async function record(tasks: Tasks, task: Task, changes: TaskChanges): Promise<Task> {
  const changed = await tasks.record(task, changes);
  if (changed === null) throw new LostClaim(`task ${task.id} was claimed by somebody else`);
  return changed;
}
