import type { Kysely } from "kysely";
import { z } from "zod";
import type { Progress } from "../core/recovery.ts";
import type { Schema } from "./schema.ts";

/** How far the recovery of missed deliveries has come, in the database. */
export interface RecoveryStore {
  progress(): Promise<Progress>;
  saveProgress(progress: Progress): Promise<void>;
  /** Which of these deliveries made a task. */
  known(deliveryIds: readonly string[]): Promise<Set<string>>;
}

const NOTHING_YET: Progress = { cursor: 0, asked: [] };
const askedList = z.array(z.string());

/** The most values that a statement is given; SQLite takes 32,766. */
const MOST_VALUES = 1_000;

/** The store of the recovery on an open, migrated database. */
export function createRecoveryStore(database: Kysely<Schema>): RecoveryStore {
  return {
    async progress() {
      const row = await database.selectFrom("recovery").selectAll().executeTakeFirst();
      if (row === undefined) return NOTHING_YET;
      return { cursor: row.cursor, asked: askedList.parse(JSON.parse(row.asked)) };
    },
    async saveProgress({ cursor, asked }) {
      const row = { cursor, asked: JSON.stringify(asked) };
      await database
        .insertInto("recovery")
        .values({ id: 1, ...row })
        .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
        .execute();
    },
    async known(deliveryIds) {
      const known = new Set<string>();
      for (let start = 0; start < deliveryIds.length; start += MOST_VALUES) {
        const some = deliveryIds.slice(start, start + MOST_VALUES);
        const rows = await database
          .selectFrom("tasks")
          .select("deliveryId")
          .where("deliveryId", "in", some)
          .execute();
        for (const { deliveryId } of rows) known.add(deliveryId);
      }
      return known;
    },
  };
}
