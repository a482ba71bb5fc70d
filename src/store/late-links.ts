import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Task } from "../core/task/task.ts";
import { linkCorrected } from "../core/task/transitions/following.ts";
import { selectTask } from "./claims.ts";
import type { Schema } from "./schema.ts";
import { storable } from "./storable.ts";
import { changedColumns, taskOf } from "./task-row.ts";

/** As the index of the migration says it: a parameter would not use that. */
const DOCUMENTED = sql<"documented">`'documented'`;

/** Settled tasks with only the documented link, whose session started at or after this time. */
export async function findWithoutLink(
  database: Kysely<Schema>,
  startedSince: string,
): Promise<Task[]> {
  const rows = await database
    .selectFrom("tasks")
    .selectAll()
    .where("linkSource", "=", DOCUMENTED)
    .where("sessionStartedAt", ">=", startedSince)
    .where("settledAt", "is not", null)
    .orderBy("sessionStartedAt")
    .execute();
  return rows.map(taskOf);
}

/** Gives a settled task the session's own link and reopens it; false when it isn't one that needs it. */
export async function correctLink(
  database: Kysely<Schema>,
  id: string,
  linkUrl: string,
  updatedAt: string,
): Promise<boolean> {
  const found = await selectTask(database, id);
  if (found === undefined || found.settledAt === null) return false;
  const settled = taskOf(found);
  const changes = storable(changedColumns(settled, linkCorrected(settled, linkUrl)));
  const { numUpdatedRows } = await database
    .updateTable("tasks")
    // Its label may have been re-added since: another task has the key now.
    .set({ ...changes, subjectKey: null, updatedAt })
    .where("id", "=", id)
    .where("settledAt", "is not", null)
    .where("linkSource", "=", DOCUMENTED)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
