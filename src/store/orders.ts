import type { Kysely } from "kysely";
import type { Order } from "../core/order.ts";
import type { Schema } from "./schema.ts";

/** What people have told tasks in their threads. Every method rejects when the database does. */
export interface OrderStore {
  /** Orders that nobody has begun to carry out, oldest first; they are begun with this. */
  take(taskId: string): Promise<readonly Order[]>;
  /** Orders that somebody has begun to carry out, and of which nobody has told what came; oldest first. */
  begun(taskId: string): Promise<readonly Order[]>;
  /** The first order to stop the task that is not done, whether somebody has begun with it or not. */
  stopOf(taskId: string): Promise<Order | null>;
  /** What came of these is told: it is in the row of their task. */
  done(orderIds: readonly string[]): Promise<void>;
  /** Which of these tasks have orders waiting. */
  waiting(taskIds: readonly string[]): Promise<readonly string[]>;
  /** Repeating it is harmless: an order has the id of the task that its command made. */
  give(order: Order): Promise<void>;
}

const COLUMNS = ["id", "taskId", "type", "text", "requester", "createdAt"] as const;

/** Orders in an open, migrated database. */
export function createOrderStore(database: Kysely<Schema>, now: () => Date): OrderStore {
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
    async give(order) {
      await database
        .insertInto("orders")
        .values({ ...order, createdAt: now().toISOString(), takenAt: null, doneAt: null })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
  };
}

async function stopOf(database: Kysely<Schema>, taskId: string): Promise<Order | null> {
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
