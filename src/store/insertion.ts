import type { Kysely, Transaction } from "kysely";
import { auditedStep, auditEntry } from "../core/audit.ts";
import type { NewTask } from "../core/new-task.ts";
import { UNTOUCHED } from "../core/new-task.ts";
import type { Task } from "../core/task.ts";
import type { Trigger } from "../core/trigger.ts";
import { writeAudit } from "./audit.ts";
import { createGathering } from "./gathering.ts";
import { insertOf } from "./rows.ts";
import type { Schema } from "./schema.ts";

/** Has new tasks looked at, in the transaction that writes them. */
export type Enqueue = (
  transaction: Transaction<Schema>,
  taskIds: readonly string[],
) => Promise<void>;

/** More wait for the next transaction: an answer to GitHub must not wait for hundreds of others. */
const MOST_TOGETHER = 64;

const insertTasks = insertOf((database, tasks: readonly NewTask[]) =>
  database
    .insertInto("tasks")
    .values([...tasks])
    .onConflict((conflict) => conflict.doNothing())
    .returning("id"),
);

interface Waiting {
  readonly row: NewTask;
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
): (row: NewTask) => Promise<Task | null> {
  const gathering = createGathering<Waiting>(MOST_TOGETHER);
  let isWriting = false;

  /** Gives those that are new, by their ids. */
  function commit(rows: readonly NewTask[]): Promise<Map<string, Task>> {
    return database.transaction().execute(async (transaction) => {
      const ids = new Set((await insertTasks(transaction, rows)).map(({ id }) => id));
      // The first of the same delivery is the one that was written.
      const tasks = rows.filter(({ id }) => ids.delete(id)).map(whole);
      await writeAudit(transaction, tasks.flatMap(audited));
      const written = new Map(tasks.map((task) => [task.id, task]));
      if (written.size > 0) await enqueue?.(transaction, [...written.keys()]);
      return written;
    });
  }

  async function write(together: readonly Waiting[]): Promise<void> {
    try {
      const tasks = await commit(together.map(({ row }) => row));
      for (const { row, resolve } of together) {
        resolve(tasks.get(row.id) ?? null);
        tasks.delete(row.id);
      }
    } catch (error) {
      if (together.length === 1) together[0]?.reject(error);
      // What is wrong with one of them must not keep the others out.
      else await Promise.all(together.map((one) => write([one])));
    }
  }

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (!gathering.isEmpty()) await write(await gathering.take());
    isWriting = false;
  }

  return (row) => {
    const { promise, resolve, reject } = Promise.withResolvers<Task | null>();
    gathering.add({ row, resolve, reject });
    if (!isWriting) void writeAll();
    return promise;
  };
}

/** The task that a trigger asks for. */
export function newTask({ type: _type, ...fields }: Trigger, id: string, now: string): NewTask {
  const { state, attempt, retries } = UNTOUCHED;
  return { ...fields, id, state, attempt, retries, createdAt: now, updatedAt: now };
}

function whole(row: NewTask): Task {
  return { ...UNTOUCHED, ...row };
}

function audited(task: Task) {
  const step = auditedStep(null, task);
  return step === null ? [] : [auditEntry(task, step, task.createdAt)];
}
