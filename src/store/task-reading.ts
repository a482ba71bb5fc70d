import type { Kysely } from "kysely";
import type { TasksReading } from "../ports/metrics.ts";
import { isFree } from "./claims.ts";
import { countConnections } from "./connections.ts";
import type { Schema } from "./schema.ts";
import { findUndelivered } from "./undelivered.ts";

/** How the tasks that aren't settled are doing. What is settled costs nothing here. */
export async function readTasks(database: Kysely<Schema>, now: Date): Promise<TasksReading> {
  const unsettled = await unsettledTasks(database)
    .select((row) => ["state", row.fn.countAll<number>().as("count")])
    .groupBy("state")
    .execute();
  const undelivered = await findUndelivered(database, null);
  return {
    unsettled,
    oldestQueuedSeconds: secondsSince(await oldestQueued(database, now), now),
    undelivered: undelivered.count,
    oldestUndeliveredSeconds: secondsSince(undelivered.oldest?.since ?? null, now),
    connections: await countConnections(database),
  };
}

function unsettledTasks(database: Kysely<Schema>) {
  return database.selectFrom("tasks").where("settledAt", "is", null);
}

/** Since when the first of the tasks has waited that could be processed now, and that nobody processes. */
async function oldestQueued(database: Kysely<Schema>, now: Date): Promise<string | null> {
  const at = now.toISOString();
  const oldest = await unsettledTasks(database)
    .select((row) => row.fn.coalesce("notBefore", "createdAt").as("since"))
    .where("state", "=", "queued")
    // It waits for a place among the sessions of its repository, as the policy wants it.
    .where("waitingSince", "is", null)
    .where((row) => row.or([row("notBefore", "is", null), row("notBefore", "<=", at)]))
    .where(isFree(at))
    .orderBy("since")
    .limit(1)
    .executeTakeFirst();
  return oldest?.since ?? null;
}

function secondsSince(at: string | null, now: Date): number {
  return at === null ? 0 : Math.max(0, (now.getTime() - Date.parse(at)) / 1_000);
}
