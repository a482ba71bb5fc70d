import type { Kysely, RawBuilder } from "kysely";
import { sql } from "kysely";
import type { HostedRequest } from "../ports/session-host.ts";
import { hostedRowOf, removalOf } from "./hosting-row.ts";
import type { Schema } from "./schema.ts";

/** So many tasks are looked up by one statement. */
const TASKS_AT_ONCE = 500;

/**
 * Erases what's known of the sessions on workers that some tasks have or had. If a worker has begun with one, its row
 * stays, without names, until the worker has removed the files.
 *
 * @param those which tasks
 */
export async function eraseHostedSessions(
  database: Kysely<Schema>,
  those: RawBuilder<unknown>,
): Promise<void> {
  const rows = await database.selectFrom("hostedSessions").selectAll().execute();
  const requests = rows.flatMap((row) => hostedRowOf(row)?.request ?? []);
  for (let at = 0; at < requests.length; at += TASKS_AT_ONCE) {
    const some = requests.slice(at, at + TASKS_AT_ONCE);
    const found = await database
      .selectFrom("tasks")
      .select("id")
      .where(
        "id",
        "in",
        some.map(({ taskId }) => taskId),
      )
      .where(sql<boolean>`(${those})`)
      .execute();
    const ids = new Set(found.map(({ id }) => id));
    for (const request of some.filter(({ taskId }) => ids.has(taskId)))
      await eraseSession(database, request);
  }
}

async function eraseSession(database: Kysely<Schema>, request: HostedRequest): Promise<void> {
  const { sessionId } = request;
  // Once it's gone, no worker begins with it.
  await database
    .deleteFrom("hostedSessions")
    .where("id", "=", sessionId)
    .where("state", "in", ["waiting", "claimed"])
    .execute();
  await database
    .updateTable("hostedSessions")
    .set(removalOf(request))
    .where("id", "=", sessionId)
    .execute();
}
