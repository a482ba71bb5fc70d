import type { Transaction } from "kysely";
import { retriedAs } from "../core/task/retry.ts";
import type { Task } from "../core/task/task.ts";
import { threadOf } from "../core/task/task.ts";
import type { RetryRecord } from "../ports/tasks.ts";
import type { ClaimOptions } from "./claims.ts";
import { own } from "./claims.ts";
import type { Schema } from "./schema.ts";
import { storable } from "./storable.ts";
import { changedColumns, taskOf } from "./task-row.ts";

/** What a retry is recorded with. */
interface Retrying {
  /** The task as it's to be. */
  readonly retrying: Task;
  readonly updatedAt: string;
  readonly waitForOthers: ClaimOptions["waitForOthers"] | undefined;
}

/**
 * Records that a task tries a failed one again, unless another one does. No two retries see the thread without each
 * other: those of one repository wait for each other.
 */
export async function writeRetry(
  transaction: Transaction<Schema>,
  task: Task,
  { retrying, updatedAt, waitForOthers }: Retrying,
): Promise<RetryRecord> {
  await waitForOthers?.(transaction, task.place.repositoryId);
  const by = retriedAs(retrying, await otherRetries(transaction, task));
  if (by !== null) return { type: "retried", by };
  const written = { ...storable(changedColumns(task, retrying)), updatedAt };
  const row = await own(transaction, task).set(written).returningAll().executeTakeFirst();
  return row === undefined ? { type: "lost" } : { type: "recorded", task: taskOf(row) };
}

async function otherRetries(transaction: Transaction<Schema>, task: Task): Promise<Task[]> {
  const { repositoryId, subjectNumber } = threadOf(task);
  const rows = await transaction
    .selectFrom("tasks")
    .selectAll()
    .where("repositoryId", "=", repositoryId)
    .where("subjectNumber", "=", subjectNumber)
    .where("retryOf", "is not", null)
    .where("id", "!=", task.id)
    .execute();
  return rows.map(taskOf);
}
