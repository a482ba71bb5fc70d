import type { Kysely } from "kysely";
import type { TaskPlace } from "../core/task/task.ts";
import type { Waiter } from "../core/task/waiting.ts";
import { startable, UNSEEN_MS } from "../core/task/waiting.ts";
import type { InRepository } from "../ports/tasks.ts";
import type { Schema } from "./schema.ts";

/** The tasks that wait for a place among the sessions of their repository, of one account or of all. */
export function selectWaiting(database: Kysely<Schema>, ownerId?: number): Promise<Waiter[]> {
  const all = database
    .selectFrom("tasks")
    .select(["id", "ownerId", "requesterId", "repositoryId", "waitingSince", "atOnce"])
    .select(["notBefore", "leaseUntil", "commentId", "updatedAt"])
    .where("waitingSince", "is not", null);
  return (ownerId === undefined ? all : all.where("ownerId", "=", ownerId)).execute();
}

/** How many sessions of a repository run. */
export async function countRunning(
  database: Kysely<Schema>,
  { ownerId, repositoryId }: Pick<TaskPlace, "ownerId" | "repositoryId">,
  now: Date,
  exceptId = "",
): Promise<number> {
  const since = new Date(now.getTime() - UNSEEN_MS).toISOString();
  const { count } = await database
    .selectFrom("tasks")
    .select((row) => row.fn.countAll<number>().as("count"))
    .where("ownerId", "=", ownerId)
    .where("repositoryId", "=", repositoryId)
    .where("sessionIntentAt", "is not", null)
    .where("id", "!=", exceptId)
    .where("state", "=", "in_progress")
    .where((row) => row.or([row("settledAt", "is", null), row("sessionIntentAt", ">", since)]))
    .executeTakeFirstOrThrow();
  return count;
}

/** The waiting tasks to process now, of one repository or of all. */
export async function findStartable(
  database: Kysely<Schema>,
  now: Date,
  only?: InRepository,
): Promise<Waiter[]> {
  const waiting = await selectWaiting(database, only?.ownerId);
  const groups = Map.groupBy(waiting, ({ repositoryId }) => repositoryId);
  const found: Waiter[] = [];
  for (const [repositoryId, group] of groups) {
    const [{ ownerId } = { ownerId: 0 }] = group;
    if (only !== undefined && only.repositoryId !== repositoryId) continue;
    const running = await countRunning(database, { ownerId, repositoryId }, now);
    found.push(...startable(group, { running, now, atOnce: only?.atOnce }));
  }
  return found;
}
