import type { Task } from "../../core/task/task.ts";
import type { Ports } from "../../ports/ports.ts";
import { assertLease, lostClaimOf } from "../lease/record.ts";

type CreationPorts = Pick<Ports, "tasks" | "github">;

/** A comment that is to be created, and whose intent is recorded. */
interface Creation {
  readonly body: string;
  /** The hidden line that it begins with. */
  readonly marker: string;
  /** Whether somebody was about to create it before, and it wasn't found. */
  readonly isRepeated: boolean;
  /** The task once the comment is there. */
  readonly created: (id: number) => Task;
  /** The id that a task has for it. */
  readonly idIn: (task: Task) => number | null;
}

/**
 * Creates a comment, so that one is left of it. Nothing guards a request that is under way: who has lost the claim may
 * have created the comment after the next one looked for it.
 *
 * - who has lost the claim deletes what it created, if the row names another one by then
 * - who creates a comment after a search that found none looks again, and deletes the other one
 *
 * @throws LostClaim when the claim is no longer ours
 */
export async function createOne(
  ports: CreationPorts,
  task: Task,
  { body, marker, isRepeated, created, idIn }: Creation,
): Promise<Task> {
  const { tasks, github } = ports;
  const id = await github.createComment(task, body);
  const written = await tasks.record(task, created(id));
  if (written === null) {
    const now = await tasks.get(task.id);
    const named = now === null ? null : idIn(now);
    // Without a name it will be found: by the search that comes first, or by the one that comes after.
    if (named !== null && named !== id) await github.deleteComment(task, id);
    throw lostClaimOf(task);
  }
  if (!isRepeated) return written;
  const other = await github.findComment(written, marker, id);
  if (other === null) return written;
  // Only who has the claim knows that the row still names the new one.
  await assertLease(tasks, written);
  await github.deleteComment(written, other);
  return written;
}
