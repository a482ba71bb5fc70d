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
  if (changed === null) throw lostClaimOf(task);
  return changed;
}

/**
 * Makes sure of a claim before something is done that no write guards.
 *
 * @throws LostClaim when the claim is no longer ours
 */
export async function hold(tasks: Pick<Tasks, "renew">, task: Task): Promise<void> {
  if (!(await tasks.renew(task))) throw lostClaimOf(task);
}

/** What whoever has lost the claim of a task ends with. */
export function lostClaimOf({ id }: Task): LostClaim {
  return new LostClaim(`task ${id} was claimed by somebody else`);
}
