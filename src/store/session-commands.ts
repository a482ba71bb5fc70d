import type { Kysely } from "kysely";
import type { SessionCommand } from "../core/session/session-command.ts";
import type { SessionCommands } from "../ports/session-commands.ts";
import type { Schema } from "./schema.ts";

const COLUMNS = ["id", "taskId", "type", "text", "requester", "place", "createdAt"] as const;

/** Session commands in an open, migrated database. */
export function createSessionCommands(database: Kysely<Schema>, now: () => Date): SessionCommands {
  return {
    async take(taskId) {
      const taken = await database
        .updateTable("orders")
        .set({ takenAt: now().toISOString() })
        .where("taskId", "=", taskId)
        .where("takenAt", "is", null)
        .returning(COLUMNS)
        .execute();
      return taken.toSorted(
        (one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt),
      );
    },
    begun: (taskId) =>
      database
        .selectFrom("orders")
        .select(COLUMNS)
        .where("taskId", "=", taskId)
        .where("takenAt", "is not", null)
        .where("doneAt", "is", null)
        .orderBy("createdAt")
        .execute(),
    stopOf: (taskId) => stopOf(database, taskId),
    async done(orderIds) {
      if (orderIds.length === 0) return;
      await database
        .updateTable("orders")
        .set({ doneAt: now().toISOString() })
        .where("id", "in", orderIds)
        .execute();
    },
    async waiting(taskIds) {
      if (taskIds.length === 0) return [];
      const found = await database
        .selectFrom("orders")
        .select("taskId")
        .distinct()
        .where("taskId", "in", taskIds)
        .where("takenAt", "is", null)
        .execute();
      return found.map(({ taskId }) => taskId);
    },
    left: (since) => findLeft(database, since),
    async give(sessionCommand) {
      await database
        .insertInto("orders")
        .values({ ...sessionCommand, createdAt: now().toISOString(), takenAt: null, doneAt: null })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
  };
}

async function stopOf(database: Kysely<Schema>, taskId: string): Promise<SessionCommand | null> {
  const stop = await database
    .selectFrom("orders")
    .select(COLUMNS)
    .where("taskId", "=", taskId)
    .where("type", "=", "stop")
    .where("doneAt", "is", null)
    .orderBy("createdAt")
    .limit(1)
    .executeTakeFirst();
  return stop ?? null;
}

async function findLeft(database: Kysely<Schema>, since: string): Promise<string[]> {
  const found = await database
    .selectFrom("orders")
    .innerJoin("tasks", "tasks.id", "orders.taskId")
    .select("orders.taskId")
    .where("orders.takenAt", "is", null)
    .where("orders.createdAt", ">=", since)
    .where("tasks.settledAt", "is not", null)
    .where("tasks.promptDeliveredAt", "is not", null)
    .execute();
  return [...new Set(found.map(({ taskId }) => taskId))];
}
