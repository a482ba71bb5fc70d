import type { Kysely } from "kysely";
import { sql } from "kysely";
import { LETTERS_VERSION } from "../core/worker/messages.ts";
import type { HostedRow, HostingRows } from "../ports/hosting-rows.ts";
import type { HostedRequest } from "../ports/session-host.ts";
import { serverTime } from "./server-time.ts";
import { hostedRowOf, removalOf } from "./hosting-row.ts";
import type { Schema } from "./schema.ts";
import { storable } from "./storable.ts";

/** What nobody has looked at for so long is of a task that's over: longer than any setting keeps its files. */
const KEPT_MS = 31 * 86_400_000;

/** A number above that of any earlier connection, also to a row of this id that was deleted. */
const nextFence = sql<number>`greatest(hosted_sessions.fence + 1, ${serverTime})`;

/** Sessions on workers in an open, migrated PostgreSQL database, for whoever wants them. */
export function createHostingRows(database: Kysely<Schema>): HostingRows {
  return new WantedSessions(database);
}

class WantedSessions implements HostingRows {
  readonly #database: Kysely<Schema>;

  constructor(database: Kysely<Schema>) {
    this.#database = database;
  }

  async request(request: HostedRequest, client: string): Promise<HostedRow> {
    const row = await this.#database
      .insertInto("hostedSessions")
      .values({
        id: request.sessionId,
        request: JSON.stringify(storable(request)),
        state: "waiting",
        client,
        fence: serverTime,
        version: LETTERS_VERSION,
        updatedAt: serverTime,
      })
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet({
          client,
          fence: nextFence,
          version: LETTERS_VERSION,
          updatedAt: serverTime,
        }),
      )
      .returningAll()
      .executeTakeFirstOrThrow();
    const read = hostedRowOf(row);
    if (read === null) throw new Error(`No session's request: ${request.sessionId}`);
    return read;
  }

  async connect(sessionId: string, client: string): Promise<HostedRow | null> {
    const row = await this.#database
      .updateTable("hostedSessions")
      .set({ client, fence: nextFence, updatedAt: serverTime })
      .where("id", "=", sessionId)
      .returningAll()
      .executeTakeFirst();
    return row === undefined ? null : hostedRowOf(row);
  }

  async find(sessionId: string): Promise<HostedRow | null> {
    const row = await this.#select().where("id", "=", sessionId).executeTakeFirst();
    return row === undefined ? null : hostedRowOf(row);
  }

  async waitingForOther(version: number): Promise<number> {
    const { count } = await this.#database
      .selectFrom("hostedSessions")
      .select(sql<number>`count(*)`.as("count"))
      .where("state", "=", "waiting")
      .where("version", "!=", version)
      .executeTakeFirstOrThrow();
    return count;
  }

  async ofWorker(worker: string): Promise<readonly HostedRow[]> {
    const rows = await this.#select().where("worker", "=", worker).execute();
    return rows.flatMap((row) => hostedRowOf(row) ?? []);
  }

  async withdraw(sessionId: string): Promise<boolean> {
    await this.#delete()
      .where("id", "=", sessionId)
      .where("state", "in", ["waiting", "claimed"])
      .execute();
    const left = await this.#select().where("id", "=", sessionId).executeTakeFirst();
    return left === undefined;
  }

  async leaveForRemoval(sessionId: string): Promise<void> {
    const row = await this.find(sessionId);
    if (row === null) return;
    await this.#database
      .updateTable("hostedSessions")
      .set({ ...removalOf(row.request), updatedAt: serverTime })
      .where("id", "=", sessionId)
      .execute();
  }

  async release(sessionId: string, process: string): Promise<void> {
    await this.#database
      .updateTable("hostedSessions")
      .set({ state: "waiting", worker: null, process: null })
      .where("id", "=", sessionId)
      .where("process", "=", process)
      .where("state", "=", "claimed")
      .execute();
  }

  async delete(sessionId: string): Promise<void> {
    await this.#delete().where("id", "=", sessionId).execute();
  }

  async sweep(): Promise<void> {
    await this.#delete()
      .where("updatedAt", "<", sql<number>`${serverTime} - ${KEPT_MS}::bigint`)
      .execute();
  }

  #select() {
    return this.#database.selectFrom("hostedSessions").selectAll();
  }

  #delete() {
    return this.#database.deleteFrom("hostedSessions");
  }
}
