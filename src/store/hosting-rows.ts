import type { Kysely, Selectable } from "kysely";
import { sql } from "kysely";
import { failureSchema } from "../core/worker/results.ts";
import { hostedRequestSchema } from "../core/worker/request.ts";
import type { HostedRow, HostingRows } from "../ports/hosting-rows.ts";
import { databaseTime } from "./hosting-clock.ts";
import type { Schema } from "./schema.ts";
import { storable } from "./storable.ts";

/** What nobody has looked at for so long is of a task that's over: longer than any setting keeps its files. */
const KEPT_MS = 31 * 86_400_000;

/** A number above that of any earlier connection, also to a row of this id that was deleted. */
const nextFence = sql<number>`greatest(hosted_sessions.fence + 1, ${databaseTime})`;

/** Sessions on workers in an open, migrated PostgreSQL database. */
export function createHostingRows(database: Kysely<Schema>): HostingRows {
  return { ...createClientRows(database), ...createMachineRows(database) };
}

type ClientRows = Pick<
  HostingRows,
  "request" | "connect" | "find" | "withdraw" | "leaveForRemoval" | "delete" | "sweep"
>;

/** For whoever wants sessions. */
function createClientRows(database: Kysely<Schema>): ClientRows {
  return {
    async request(request, client) {
      const row = await database
        .insertInto("hostedSessions")
        .values({
          id: request.sessionId,
          request: JSON.stringify(storable(request)),
          state: "waiting",
          client,
          fence: databaseTime,
          updatedAt: databaseTime,
        })
        .onConflict((conflict) =>
          conflict.column("id").doUpdateSet({ client, fence: nextFence, updatedAt: databaseTime }),
        )
        .returningAll()
        .executeTakeFirstOrThrow();
      const read = rowOf(row);
      if (read === null) throw new Error(`No session's request: ${request.sessionId}`);
      return read;
    },
    async connect(sessionId, client) {
      const row = await database
        .updateTable("hostedSessions")
        .set({ client, fence: nextFence, updatedAt: databaseTime })
        .where("id", "=", sessionId)
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? null : rowOf(row);
    },
    async find(sessionIds) {
      if (sessionIds.length === 0) return [];
      const rows = await database
        .selectFrom("hostedSessions")
        .selectAll()
        .where("id", "in", [...sessionIds])
        .execute();
      return rows.flatMap((row) => rowOf(row) ?? []);
    },
    async withdraw(sessionId) {
      await database
        .deleteFrom("hostedSessions")
        .where("id", "=", sessionId)
        .where("state", "in", ["waiting", "claimed"])
        .execute();
      const left = await database
        .selectFrom("hostedSessions")
        .select("id")
        .where("id", "=", sessionId)
        .executeTakeFirst();
      return left === undefined;
    },
    async leaveForRemoval(sessionId) {
      await database
        .updateTable("hostedSessions")
        .set({ state: "removing", updatedAt: databaseTime })
        .where("id", "=", sessionId)
        .execute();
    },
    async delete(sessionId) {
      await database.deleteFrom("hostedSessions").where("id", "=", sessionId).execute();
    },
    async sweep() {
      await database
        .deleteFrom("hostedSessions")
        .where("updatedAt", "<", sql<number>`${databaseTime} - ${KEPT_MS}::bigint`)
        .execute();
    },
  };
}

type MachineRows = Omit<HostingRows, keyof ClientRows>;
type State = HostedRow["state"];

/** For workers. */
function createMachineRows(database: Kysely<Schema>): MachineRows {
  const change = (sessionId: string, process: string, from: State) =>
    database
      .updateTable("hostedSessions")
      .where("id", "=", sessionId)
      .where("process", "=", process)
      .where("state", "=", from);
  const toNobody = { state: "waiting", worker: null, process: null } as const;
  return {
    async claim(sessionId, { id: worker, process }) {
      const row = await database
        .updateTable("hostedSessions")
        .set({ state: "claimed", worker, process, updatedAt: databaseTime })
        .where("id", "=", sessionId)
        .where("state", "=", "waiting")
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? null : rowOf(row);
    },
    async release(sessionId, process) {
      await change(sessionId, process, "claimed").set(toNobody).execute();
    },
    async handBack(sessionId, process) {
      await change(sessionId, process, "begun").set(toNobody).execute();
    },
    async begin(sessionId, process) {
      const { numUpdatedRows } = await change(sessionId, process, "claimed")
        .set({ state: "begun" })
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async opened(sessionId, process) {
      const { numUpdatedRows } = await change(sessionId, process, "begun")
        .set({ state: "open" })
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async failed(sessionId, process, failure) {
      await database
        .updateTable("hostedSessions")
        .set({ state: "failed", failure: JSON.stringify(storable(failure)) })
        .where("id", "=", sessionId)
        .where("process", "=", process)
        .where("state", "in", ["begun", "open"])
        .execute();
    },
    async adopt(sessionId, { id: worker, process }) {
      const { numUpdatedRows } = await database
        .updateTable("hostedSessions")
        .set({ state: "open", process })
        .where("id", "=", sessionId)
        .where("worker", "=", worker)
        .where("state", "in", ["begun", "open"])
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async ofWorker(worker) {
      const rows = await database
        .selectFrom("hostedSessions")
        .selectAll()
        .where("worker", "=", worker)
        .execute();
      return rows.flatMap((row) => rowOf(row) ?? []);
    },
  };
}

/** Null where it doesn't have the form that it should have. */
function rowOf(row: Selectable<Schema["hostedSessions"]>): HostedRow | null {
  const { request, failure, updatedAt: _, ...rest } = row;
  const read = hostedRequestSchema.safeParse(JSON.parse(request)).data;
  if (read?.sessionId !== row.id) return null;
  return {
    ...rest,
    request: read,
    failure: failureSchema.nullable().parse(JSON.parse(failure ?? "null")),
  };
}
