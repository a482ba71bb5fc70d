import type { Kysely } from "kysely";
import { z } from "zod";
import type { Progress } from "../core/recovery.ts";
import type { Schema } from "./schema.ts";
import { taskIdOf } from "./task-id.ts";

/** How far the recovery of missed deliveries has come, in the database. */
export interface RecoveryStore {
  /** How far it has come; null when another replica is at it. */
  begin(): Promise<Progress | null>;
  end(progress: Progress): Promise<void>;
  /** Ends a round that broke off: the next may begin where it began. */
  release(): Promise<void>;
  /** Which of these deliveries made a task, or have been applied. */
  known(deliveryIds: readonly string[]): Promise<Set<string>>;
}

const askedList = z.array(z.string());

/** The most values that a statement is given; SQLite takes 32,766. */
const MOST_VALUES = 1_000;

/** A round takes at most a minute or so; one that breaks off lets others in after this, in milliseconds. */
const LEASE_MS = 120_000;

/** The store of the recovery on an open, migrated database. */
export function createRecoveryStore(database: Kysely<Schema>, now: () => Date): RecoveryStore {
  return {
    async begin() {
      const at = now().toISOString();
      const leaseUntil = new Date(now().getTime() + LEASE_MS).toISOString();
      await database
        .insertInto("recovery")
        .values({ id: 1, cursor: "", asked: "[]", leaseUntil: null })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const row = await database
        .updateTable("recovery")
        .set({ leaseUntil })
        .where((column) =>
          column.or([column("leaseUntil", "is", null), column("leaseUntil", "<", at)]),
        )
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) return null;
      return { cursor: row.cursor, asked: askedList.parse(JSON.parse(row.asked)) };
    },
    async end({ cursor, asked }) {
      await database
        .updateTable("recovery")
        .set({ cursor, asked: JSON.stringify(asked), leaseUntil: null })
        .execute();
    },
    async release() {
      await database.updateTable("recovery").set({ leaseUntil: null }).execute();
    },
    async known(deliveryIds) {
      const known = new Set<string>();
      for (let start = 0; start < deliveryIds.length; start += MOST_VALUES) {
        const some = deliveryIds.slice(start, start + MOST_VALUES);
        const ids = some.map(taskIdOf);
        const tasks = database.selectFrom("tasks").select("deliveryId").where("id", "in", ids);
        const changes = database
          .selectFrom("lifeEvents")
          .select("deliveryId")
          .where("deliveryId", "in", some);
        const rows = [...(await tasks.execute()), ...(await changes.execute())];
        for (const { deliveryId } of rows) known.add(deliveryId);
      }
      return known;
    },
  };
}
