import type { Kysely } from "kysely";
import { z } from "zod";
import type { Recovery } from "../ports/deliveries.ts";
import type { Schema } from "./schema.ts";
import { taskIdOf } from "./task-id.ts";

const askedList = z.array(z.string());

/** The most values that a statement is given; SQLite takes 32,766. */
const MAX_VALUES = 1_000;

/** A round takes at most a minute or so; one that breaks off lets others in after this, in milliseconds. */
const LEASE_MS = 120_000;

/** The store of the recovery on an open, migrated database. */
export function createRecovery(database: Kysely<Schema>, now: () => Date): Recovery {
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
      for (let start = 0; start < deliveryIds.length; start += MAX_VALUES) {
        const some = deliveryIds.slice(start, start + MAX_VALUES);
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
