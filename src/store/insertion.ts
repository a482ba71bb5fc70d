import type { Kysely, Transaction } from "kysely";
import { auditedStep, auditEntry } from "../core/task/audit.ts";
import type { Task } from "../core/task/task.ts";
import type { TaskOrigin } from "../ports/tasks.ts";
import type { AuditListener } from "./audit.ts";
import { auditedTransaction, writeAudit } from "./audit.ts";
import { createBatcher } from "./batcher.ts";
import { newRow } from "./task-row.ts";
import { insertOf } from "./rows.ts";
import type { Schema } from "./schema.ts";

/** Enqueues new tasks, in the transaction that writes them. */
export type Enqueue = (
  transaction: Transaction<Schema>,
  tasks: readonly TaskOrigin[],
) => Promise<void>;

/** More wait for the next transaction: an answer to GitHub must not wait for hundreds of others. */
const MAX_TOGETHER = 64;

const insertTasks = insertOf((database, tasks: readonly ReturnType<typeof newRow>[]) =>
  database
    .insertInto("tasks")
    .values([...tasks])
    .onConflict((conflict) => conflict.doNothing())
    .returning("id"),
);

interface Waiting {
  readonly task: Task;
  readonly resolve: (task: Task | null) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Writes tasks: those that are asked for at the same time in one transaction, because what takes the
 * time is the flush to the disk. Each promise is fulfilled after the commit.
 */
export function createInsertion(
  database: Kysely<Schema>,
  enqueue: Enqueue | undefined,
  onAudited?: AuditListener,
): (task: Task) => Promise<Task | null> {
  const batcher = createBatcher<Waiting>(MAX_TOGETHER);
  let isWriting = false;

  /** Gives those that are new, by their ids. */
  function commit(asked: readonly Task[]): Promise<Map<string, Task>> {
    return auditedTransaction(database, onAudited, async (transaction) => {
      const rows = asked.map(newRow);
      const ids = new Set((await insertTasks(transaction, rows)).map(({ id }) => id));
      // The first of the same delivery is the one that was written.
      const tasks = asked.filter(({ id }) => ids.delete(id));
      await writeAudit(transaction, tasks.flatMap(audited));
      const written = new Map(tasks.map((task) => [task.id, task]));
      if (written.size > 0) await enqueue?.(transaction, tasks.map(originOf));
      return written;
    });
  }

  async function write(together: readonly Waiting[]): Promise<void> {
    try {
      const tasks = await commit(together.map(({ task }) => task));
      for (const { task, resolve } of together) {
        resolve(tasks.get(task.id) ?? null);
        tasks.delete(task.id);
      }
    } catch (error) {
      if (together.length === 1) together[0]?.reject(error);
      // What is wrong with one of them must not keep the others out.
      else await Promise.all(together.map((one) => write([one])));
    }
  }

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (!batcher.isEmpty()) await write(await batcher.take());
    isWriting = false;
  }

  return (task) => {
    const { promise, resolve, reject } = Promise.withResolvers<Task | null>();
    batcher.add({ task, resolve, reject });
    if (!isWriting) void writeAll();
    return promise;
  };
}

function originOf({ id, place, requester }: Task) {
  return { id, ownerId: place.ownerId, requesterId: requester.id };
}

function audited(task: Task) {
  const step = auditedStep(null, task);
  return step === null ? [] : [auditEntry(task, step, task.createdAt)];
}
