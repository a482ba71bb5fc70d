import type { Task } from "../../core/task/task.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Tasks } from "../../ports/tasks.ts";

/** Somebody else has claimed the task since: whoever gets this stops, without a trace. */
export class LostClaim extends Error {
  override readonly name = "LostClaim";
}

/**
 * Writes what a transition has changed, under a claim.
 *
 * @throws LostClaim when the claim is no longer ours
 */
export async function record(
  tasks: Pick<Tasks, "record">,
  before: Task,
  after: Task,
): Promise<Task> {
  const written = await tasks.record(before, after);
  if (written === null) throw lostClaimOf(before);
  return written;
}

/**
 * Makes sure of a claim before something is done that no write guards.
 *
 * @throws LostClaim when the claim is no longer ours
 */
export async function assertLease(tasks: Pick<Tasks, "renew">, task: Task): Promise<void> {
  if (!(await tasks.renew(task))) throw lostClaimOf(task);
}

/** Gives a claim back. One that the database doesn't take back ends by itself, and what's next for the task is done. */
export async function releaseClaim(
  { tasks, log }: Pick<Ports, "tasks" | "log">,
  task: Task,
): Promise<void> {
  await tasks.release(task).catch((err: unknown) => {
    log.warn({ taskId: task.id, err }, "claim could not be released");
  });
}

/** What whoever has lost the claim of a task ends with. */
export function lostClaimOf({ id }: Task): LostClaim {
  return new LostClaim(`task ${id} was claimed by somebody else`);
}
