import { setImmediate as nextTurn } from "node:timers/promises";
import type { Kysely, RawBuilder } from "kysely";
import { sql } from "kysely";
import { deleteEmptyChain, deleteEntries } from "./audit-erasure.ts";
import { eraseHostedSessions } from "./hosting-erasure.ts";
import { removeInstallation } from "./labeling-requests.ts";
import type { Schema } from "./schema.ts";

/** How many rows are deleted before webhooks get their turn. */
const ROWS_AT_ONCE = 1_000;

/** Deletes everything that is known of an installation that was deleted. */
export async function eraseInstallation(
  database: Kysely<Schema>,
  { id, ownerId, deletedAt }: Pick<Schema["installations"], "id" | "ownerId" | "deletedAt">,
  now: () => Date,
): Promise<void> {
  const its = sql`${sql.ref("installationId")} = ${id}`;
  // Where a repository's own webhook named no installation, the account has to do.
  const perhaps = sql`${sql.ref("installationId")} is null and ${sql.ref("ownerId")} = ${ownerId}`;
  const before = (time: "at" | "createdAt") => sql`${sql.ref(time)} <= ${deletedAt}`;
  for (const those of [its, sql`${perhaps} and ${before("createdAt")}`]) {
    const tasks = sql`select ${sql.ref("id")} from ${sql.table("tasks")} where ${those}`;
    await eraseRows(database, "orders", sql`${sql.ref("taskId")} in (${tasks})`);
    await eraseHostedSessions(database, those);
    await eraseRows(database, "tasks", those);
    for (const table of ["approvals", "policyChecks"] as const) {
      await database
        .deleteFrom(table)
        .where(sql<boolean>`(${those})`)
        .execute();
    }
  }
  await removeInstallation(database, id);
  await deleteEntries(database, its, now);
  await deleteEmptyChain(database, id);
  if (ownerId !== null) {
    await deleteEntries(database, sql`${perhaps} and ${before("at")}`, now);
    await deleteEmptyChain(database, -ownerId);
  }
  // Last, so that what breaks off is begun again.
  await database.deleteFrom("installations").where("id", "=", id).execute();
}

async function eraseRows(
  database: Kysely<Schema>,
  table: "tasks" | "orders",
  those: RawBuilder<unknown>,
): Promise<void> {
  const [name, id] = [sql.table(table), sql.ref("id")];
  const some = sql`select ${id} from ${name} where ${those} limit ${sql.lit(ROWS_AT_ONCE)}`;
  const statement = sql`delete from ${name} where ${id} in (${some})`;
  let deleted = ROWS_AT_ONCE;
  while (deleted === ROWS_AT_ONCE) {
    const { numAffectedRows = 0n } = await statement.execute(database);
    deleted = Number(numAffectedRows);
    // SQLite works in this thread: webhooks get their turn.
    await nextTurn();
  }
}
