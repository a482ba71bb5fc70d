import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { TaskPlace } from "../core/task/task.ts";
import type { Waiter } from "../core/task/waiting.ts";
import { startable, UNSEEN_MS } from "../core/task/waiting.ts";
import type { InRepository } from "../ports/tasks.ts";
import type { Schema } from "./schema.ts";

type InAccount = Pick<TaskPlace, "ownerId" | "repositoryId">;

/** The tasks that wait for a place among the sessions of their repository, of one account or of all. */
export function selectWaiting(database: Kysely<Schema>, ownerId?: number): Promise<Waiter[]> {
  const all = database
    .selectFrom("tasks")
    .select(["id", "ownerId", "requesterId", "repositoryId", "waitingSince", "atOnce"])
    .select(["notBefore", "leaseUntil", "commentId", "updatedAt"])
    .where("waitingSince", "is not", null);
  return (ownerId === undefined ? all : all.where("ownerId", "=", ownerId)).execute();
}

/** How many sessions of a repository run: those that the bot still has to do with, and those whose end nobody saw. */
export async function countRunning(
  database: Kysely<Schema>,
  place: InAccount,
  now: Date,
  exceptId = "",
): Promise<number> {
  // Among the conditions for rows, these would let SQLite read all sessions that were ever asked for there.
  const { count } = await database
    .selectFrom("tasks")
    .select((row) =>
      countIf(
        row.and([
          row("ownerId", "=", place.ownerId),
          row("sessionIntentAt", "is not", null),
          row("id", "!=", exceptId),
          row("state", "=", "in_progress"),
        ]),
      ).as("count"),
    )
    .where("repositoryId", "=", place.repositoryId)
    .where("settledAt", "is", null)
    .executeTakeFirstOrThrow();
  return count + (await countUnseen(database, place, now, exceptId));
}

/** Sessions whose end nobody saw: so long ago, they have ended all the same. */
export async function countUnseen(
  database: Kysely<Schema>,
  { ownerId, repositoryId }: InAccount,
  now: Date,
  exceptId = "",
): Promise<number> {
  const { count } = await database
    .selectFrom("tasks")
    .select((row) => row.fn.countAll<number>().as("count"))
    .where("ownerId", "=", ownerId)
    .where("repositoryId", "=", repositoryId)
    .where("sessionIntentAt", ">", new Date(now.getTime() - UNSEEN_MS).toISOString())
    .where("id", "!=", exceptId)
    .where("state", "=", "in_progress")
    .where("settledAt", "is not", null)
    .executeTakeFirstOrThrow();
  return count;
}

/** How many rows meet a condition. */
export function countIf(condition: Parameters<typeof sql>[1]) {
  return sql<number>`cast(coalesce(sum(case when ${condition} then 1 else 0 end), 0) as integer)`;
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
