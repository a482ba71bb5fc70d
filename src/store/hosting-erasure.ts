import type { Kysely, RawBuilder } from "kysely";
import { sql } from "kysely";
import { hostedRowOf, removalOf } from "./hosting-row.ts";
import type { Schema } from "./schema.ts";

/**
 * Erases what's known of the sessions on workers that some tasks have. If a worker has begun with one, its row stays,
 * without names, until the worker has removed the files.
 *
 * @param those which tasks
 */
export async function eraseHostedSessions(
  database: Kysely<Schema>,
  those: RawBuilder<unknown>,
): Promise<void> {
  const ids = sql<string>`(select ${sql.ref("sessionId")} from ${sql.table("tasks")} where ${those})`;
  // Once they're gone, no worker begins with them.
  await database
    .deleteFrom("hostedSessions")
    .where("id", "in", ids)
    .where("state", "in", ["waiting", "claimed"])
    .execute();
  const rows = database.selectFrom("hostedSessions").selectAll().where("id", "in", ids);
  for (const row of await rows.execute()) {
    const read = hostedRowOf(row);
    if (read === null) {
      await database.deleteFrom("hostedSessions").where("id", "=", row.id).execute();
      continue;
    }
    const change = removalOf(read.request);
    await database.updateTable("hostedSessions").set(change).where("id", "=", row.id).execute();
  }
}
