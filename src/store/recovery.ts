import type { Kysely } from "kysely";
import { z } from "zod";
import type { RedeliveryProgress } from "../core/webhook/redelivery.ts";
import type { Recovery, RecoveryRound } from "../ports/deliveries.ts";
import type { Schema } from "./schema.ts";
import { taskIdOf } from "./task-id.ts";

const askedList = z.array(z.string());

/** The most values that a statement is given; SQLite takes 32,766. */
const MAX_VALUES = 1_000;

/** How long a round that isn't renewed keeps others out, in milliseconds. */
const LEASE_MS = 9_000;

/** The store of the recovery on an open, migrated database. */
export function createRecovery(database: Kysely<Schema>, now: () => Date): Recovery {
  const leaseEnd = () => new Date(now().getTime() + LEASE_MS).toISOString();
  return {
    async begin() {
      const at = now().toISOString();
      const leaseUntil = leaseEnd();
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
      const before = { cursor: row.cursor, asked: askedList.parse(JSON.parse(row.asked)) };
      return roundOf(database, before, leaseUntil, leaseEnd);
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

/** A round is known by the end of its lease: whoever begins another sets a later one. */
function roundOf(
  database: Kysely<Schema>,
  before: RedeliveryProgress,
  begunUntil: string,
  leaseEnd: () => string,
): RecoveryRound {
  let heldUntil = begunUntil;
  const own = () => database.updateTable("recovery").where("leaseUntil", "=", heldUntil);
  return {
    before,
    async renew() {
      const leaseUntil = leaseEnd();
      const { numUpdatedRows } = await own().set({ leaseUntil }).executeTakeFirst();
      if (numUpdatedRows > 0n) heldUntil = leaseUntil;
      return numUpdatedRows > 0n;
    },
    async end({ cursor, asked }) {
      await own()
        .set({ cursor, asked: JSON.stringify(asked), leaseUntil: null })
        .execute();
    },
    async release() {
      await own().set({ leaseUntil: null }).execute();
    },
  };
}
