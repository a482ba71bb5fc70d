import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { WebSessionRows } from "../ports/web-session-rows.ts";
import { indexOn } from "./indexes.ts";
import type { Schema } from "./schema.ts";
import { storable } from "./storable.ts";

/** People's sign-ins on the pages. The tokens in it are encrypted. */
export const webSessions: Migration = {
  async up(database) {
    await database.schema
      .createTable("webSessions")
      .addColumn("digest", "text", (column) => column.primaryKey())
      .addColumn("userId", "bigint", (column) => column.notNull())
      .addColumn("login", "text", (column) => column.notNull())
      .addColumn("host", "text", (column) => column.notNull())
      .addColumn("continuedTask", "text")
      .addColumn("sealedToken", "text")
      .addColumn("createdAt", "text", (column) => column.notNull())
      .addColumn("expiresAt", "text", (column) => column.notNull())
      .addColumn("usedAt", "text", (column) => column.notNull())
      .execute();
    await indexOn(database, "webSessions", "web_sessions_person", ["userId"]).execute();
    await indexOn(database, "webSessions", "web_sessions_expiry", ["expiresAt"]).execute();
    await indexOn(database, "webSessions", "web_sessions_use", ["usedAt"]).execute();
  },
};

/** How many sessions are read or removed at once. */
const ROWS_AT_ONCE = 100;

/** Sign-ins in an open, migrated database. */
export function createWebSessionRows(database: Kysely<Schema>): WebSessionRows {
  const select = () => database.selectFrom("webSessions").selectAll();
  return {
    ...createRemovals(database),
    find: async (digest) =>
      (await select().where("digest", "=", digest).executeTakeFirst()) ?? null,
    async insert({ login, ...row }) {
      await database
        .insertInto("webSessions")
        .values({ ...row, login: storable(login) })
        .execute();
    },
    async use(digest, at) {
      await database
        .updateTable("webSessions")
        .set({ usedAt: at })
        .where("digest", "=", digest)
        .execute();
    },
    after: (digest) =>
      select()
        .where("digest", ">", digest)
        .where("sealedToken", "is not", null)
        .orderBy("digest")
        .limit(ROWS_AT_ONCE)
        .execute(),
    async replaceToken(digest, before, after) {
      const { numUpdatedRows } = await database
        .updateTable("webSessions")
        .set({ sealedToken: after })
        .where("digest", "=", digest)
        .where("sealedToken", "=", before)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}

type Removals = Pick<
  WebSessionRows,
  "remove" | "removeAllOf" | "removeOldestBeside" | "removeOver"
>;

function createRemovals(database: Kysely<Schema>): Removals {
  const remove = () => database.deleteFrom("webSessions").returningAll();
  const digests = () => database.selectFrom("webSessions").select("digest");
  return {
    remove: async (digest) =>
      (await remove().where("digest", "=", digest).executeTakeFirst()) ?? null,
    removeAllOf: (userId) => remove().where("userId", "=", userId).execute(),
    removeOldestBeside({ digest, userId }, left) {
      const newest = digests()
        .where("userId", "=", userId)
        .where("digest", "!=", digest)
        .orderBy("createdAt", "desc")
        .orderBy("digest")
        .limit(left);
      return remove()
        .where("userId", "=", userId)
        .where("digest", "!=", digest)
        .where("digest", "not in", newest)
        .execute();
    },
    removeOver({ now, idleSince }) {
      const over = digests()
        .where((column) =>
          column.or([column("expiresAt", "<=", now), column("usedAt", "<=", idleSince)]),
        )
        .limit(ROWS_AT_ONCE);
      return remove().where("digest", "in", over).execute();
    },
  };
}
