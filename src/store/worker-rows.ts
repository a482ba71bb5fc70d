import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { WorkerRow, WorkerRows } from "../ports/hosting-rows.ts";
import { serverTime } from "./server-time.ts";
import type { Schema } from "./schema.ts";
import { storable } from "./storable.ts";

/** Workers in an open, migrated PostgreSQL database. */
export function createWorkerRows(database: Kysely<Schema>): WorkerRows {
  const update = ({ id, process }: Pick<WorkerRow, "id" | "process">) =>
    database.updateTable("hostingWorkers").where("id", "=", id).where("process", "=", process);
  return {
    async register(worker) {
      const row = { ...storable(worker), beatAt: serverTime };
      await database
        .insertInto("hostingWorkers")
        .values(row)
        .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
        .execute();
    },
    async beat(worker) {
      const { numUpdatedRows } = await update(worker)
        .set({ beatAt: serverTime })
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async leave(worker) {
      await update(worker).set({ beatAt: 0 }).execute();
    },
    all: () =>
      database
        .selectFrom("hostingWorkers")
        .select(["id", "process", "name", "publicKey"])
        .select(sql<number>`${serverTime} - beat_at`.as("silentMs"))
        .execute(),
  };
}
