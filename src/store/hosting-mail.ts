import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Mail } from "../ports/hosting-rows.ts";
import { serverTime } from "./server-time.ts";
import type { Schema } from "./schema.ts";
import { storable } from "./storable.ts";

/** On which PostgreSQL notifies recipients of letters. */
const HOSTING_CHANNEL = "hosting";

/** How many letters are read at once. */
const READ_AT_ONCE = 200;

/** What is older was for a process that is gone. */
const KEPT_MS = 600_000;

/** Letters in an open, migrated PostgreSQL database. */
export function createMail(database: Kysely<Schema>): Mail {
  return {
    async send(letters) {
      if (letters.length === 0) return;
      const values = letters.map(({ id, recipient, content }) => ({
        id,
        recipient,
        content: JSON.stringify(storable(content)),
        sentAt: serverTime,
      }));
      await database
        .with("sent", (query) =>
          query
            .insertInto("hostingMail")
            .values(values)
            .onConflict((conflict) => conflict.column("id").doNothing())
            .returning("recipient"),
        )
        .selectFrom("sent")
        .select(sql`pg_notify(${HOSTING_CHANNEL}, recipient)`.as("notified"))
        .execute();
    },
    async read(recipient) {
      const rows = await database
        .selectFrom("hostingMail")
        .select(["id", "content"])
        .where("recipient", "=", recipient)
        .orderBy("position")
        .limit(READ_AT_ONCE)
        .execute();
      return rows.map(({ id, content }) => ({
        id,
        recipient,
        content: JSON.parse(content) as unknown,
      }));
    },
    async remove(ids) {
      if (ids.length === 0) return;
      await database
        .deleteFrom("hostingMail")
        .where("id", "in", [...ids])
        .execute();
    },
    async sweep() {
      await database
        .deleteFrom("hostingMail")
        .where("sentAt", "<", sql<number>`${serverTime} - ${KEPT_MS}::bigint`)
        .execute();
    },
  };
}
