import type { Kysely } from "kysely";
import { sql } from "kysely";
import { z } from "zod";
import { MACHINE_LABEL } from "../core/policy/self-hosting.ts";
import type { WorkerRow, WorkerRows } from "../ports/hosting-rows.ts";
import { serverTime } from "./server-time.ts";
import type { Schema } from "./schema.ts";
import { storable } from "./storable.ts";

/** A worker that has been silent for so long is certainly gone. */
const LONG_MS = 60_000;
/** One that has nothing, and was last there so long ago, isn't expected back. */
const KEPT_MS = 31 * 86_400_000;

const labelsSchema = z.array(z.string().regex(MACHINE_LABEL));

/** Other processes have written them: what isn't labels is none. */
function labelsIn(text: string): readonly string[] {
  try {
    return labelsSchema.parse(JSON.parse(text));
  } catch {
    return [];
  }
}

/** Workers in an open, migrated PostgreSQL database. */
export function createWorkerRows(database: Kysely<Schema>): WorkerRows {
  const update = ({ id, process }: Pick<WorkerRow, "id" | "process">) =>
    database.updateTable("hostingWorkers").where("id", "=", id).where("process", "=", process);
  return {
    async register(worker) {
      const { labels, ...rest } = storable(worker);
      const row = {
        ...rest,
        labels: JSON.stringify(labels),
        taken: 0,
        startedAt: serverTime,
        beatAt: serverTime,
      };
      await database
        .insertInto("hostingWorkers")
        .values(row)
        .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
        .execute();
    },
    async beat({ taken, ...worker }) {
      const { numUpdatedRows } = await update(worker)
        .set({ taken, beatAt: serverTime })
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async leave(worker) {
      await update(worker)
        .set({ beatAt: sql<number>`${serverTime} - ${LONG_MS}::bigint` })
        .execute();
    },
    async sweep() {
      const withSessions = database
        .selectFrom("hostedSessions")
        .select("worker")
        .where("worker", "is not", null);
      await database
        .deleteFrom("hostingWorkers")
        .where("beatAt", "<", sql<number>`${serverTime} - ${KEPT_MS}::bigint`)
        .where("id", "not in", withSessions.$castTo<{ worker: string }>())
        .execute();
    },
    async all() {
      const rows = await database
        .selectFrom("hostingWorkers")
        .select(["id", "process", "name", "publicKey", "labels", "places", "taken", "version"])
        .select(sql<number>`${serverTime} - started_at`.as("upMs"))
        .select(sql<number>`${serverTime} - beat_at`.as("silentMs"))
        .execute();
      return rows.map((row) => Object.assign(row, { labels: labelsIn(row.labels) }));
    },
  };
}
