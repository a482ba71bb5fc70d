import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import { z } from "zod";
import type { ConnectionCount } from "../core/identity/connection.ts";
import type { ConnectionRow, ConnectionRows, RefreshClaim } from "../ports/connection-rows.ts";
import type { Schema } from "./schema.ts";
import { storable } from "./storable.ts";

/** People's connections. The tokens in it are encrypted. */
export const connections: Migration = {
  async up(database) {
    await database.schema
      .createTable("connections")
      .addColumn("userId", "bigint", (column) => column.primaryKey())
      .addColumn("login", "text", (column) => column.notNull())
      .addColumn("host", "text", (column) => column.notNull())
      .addColumn("kind", "text", (column) => column.notNull())
      .addColumn("rights", "text", (column) => column.notNull())
      .addColumn("sealedToken", "text")
      .addColumn("sealedRefreshToken", "text")
      .addColumn("connectedAt", "text", (column) => column.notNull())
      .addColumn("expiresAt", "text")
      .addColumn("version", "text", (column) => column.notNull())
      .addColumn("refreshingSince", "text")
      .execute();
  },
};

/** How many connections are read at once. */
const ROWS_AT_ONCE = 100;

const rightsText = z.object({
  plan: z.string().nullable(),
  cloudSessions: z.boolean().nullable(),
  remoteControl: z.boolean().nullable(),
});

/** Connections in an open, migrated database. */
export function createConnectionRows(database: Kysely<Schema>): ConnectionRows {
  const select = () => database.selectFrom("connections").selectAll();
  return {
    ...createRefreshes(database),
    async find(userId) {
      const row = await select().where("userId", "=", userId).executeTakeFirst();
      return row === undefined ? null : connectionRowOf(row);
    },
    count: () => countConnections(database),
    async put({ userId, sealed, rights, login, ...rest }) {
      const row = {
        ...rest,
        ...sealedColumns(sealed),
        login: storable(login),
        rights: JSON.stringify(storable(rights)),
        version: randomUUID(),
        refreshingSince: null,
      };
      await database
        .insertInto("connections")
        .values({ userId, ...row })
        .onConflict((conflict) => conflict.column("userId").doUpdateSet(row))
        .execute();
    },
    async remove(userId, version) {
      const row = await database
        .deleteFrom("connections")
        .where("userId", "=", userId)
        .$if(version !== undefined, (own) => own.where("version", "=", version ?? ""))
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? null : connectionRowOf(row);
    },
    async after(userId) {
      const rows = await select()
        .where("userId", ">", userId)
        .where("sealedToken", "is not", null)
        .orderBy("userId")
        .limit(ROWS_AT_ONCE)
        .execute();
      return rows.map(connectionRowOf);
    },
    async reseal(userId, before, after) {
      // Both tokens are always written together, and no encryption comes twice: one of them says which write it was.
      const { numUpdatedRows } = await database
        .updateTable("connections")
        .set(sealedColumns(after))
        .where("userId", "=", userId)
        .where("sealedToken", "=", before.token)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}

/** How many people have connected, and how many of them have to connect again. */
export async function countConnections(database: Kysely<Schema>): Promise<ConnectionCount> {
  const { all, connected } = await database
    .selectFrom("connections")
    .select(({ fn }) => [
      fn.countAll<number>().as("all"),
      fn.count<number>("sealedToken").as("connected"),
    ])
    .executeTakeFirstOrThrow();
  return { connected, ended: all - connected };
}

type Refreshes = Pick<ConnectionRows, "claimRefresh" | "finishRefresh" | "releaseRefresh" | "end">;

/** What's written only while nobody else has written. */
function createRefreshes(database: Kysely<Schema>): Refreshes {
  const own = ({ userId, version }: RefreshClaim) =>
    database.updateTable("connections").where("userId", "=", userId).where("version", "=", version);
  return {
    async claimRefresh(row, at, abandonedBefore, taskId) {
      const version = randomUUID();
      const { numUpdatedRows } = await own(row)
        .set({ version, refreshingSince: at })
        .where((column) =>
          column.or([
            column("refreshingSince", "is", null),
            column("refreshingSince", "<", abandonedBefore),
          ]),
        )
        .$if(taskId !== undefined, (claim) =>
          claim.where((column) =>
            column.not(
              column.exists(sessionsOf(database, row.userId).where("id", "!=", taskId ?? "")),
            ),
          ),
        )
        .executeTakeFirst();
      return numUpdatedRows > 0n ? { userId: row.userId, version } : null;
    },
    async finishRefresh(claim, sealed, expiresAt) {
      const { numUpdatedRows } = await own(claim)
        .set({ ...sealedColumns(sealed), expiresAt, ...released() })
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async releaseRefresh(claim) {
      await own(claim).set({ refreshingSince: null }).execute();
    },
    async end(row) {
      const { numUpdatedRows } = await own(row)
        .set({ sealedToken: null, sealedRefreshToken: null, ...released() })
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}

/** The tasks with a session that uses a person's tokens. */
function sessionsOf(database: Kysely<Schema>, userId: number) {
  return database
    .selectFrom("tasks")
    .select("id")
    .where("requesterId", "=", userId)
    .where("identity", "=", "requester")
    .where("settledAt", "is", null)
    .where("sessionIntentAt", "is not", null);
}

function released() {
  return { version: randomUUID(), refreshingSince: null };
}

function sealedColumns({ token, refreshToken }: NonNullable<ConnectionRow["sealed"]>) {
  return { sealedToken: token, sealedRefreshToken: refreshToken };
}

function connectionRowOf(row: Schema["connections"]): ConnectionRow {
  const { sealedToken, sealedRefreshToken, rights, ...rest } = row;
  const sealed =
    sealedToken === null ? null : { token: sealedToken, refreshToken: sealedRefreshToken };
  return { ...rest, rights: rightsText.parse(JSON.parse(rights)), sealed };
}
