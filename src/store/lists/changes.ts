import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { ChangedTask, ChangesCursor, TaskChanges } from "../../ports/task-lists.ts";
import { isPostgres } from "../dialect.ts";
import type { Schema } from "../schema.ts";
import { CHANGES_KEPT_SECONDS, databaseTime } from "../task-changes.ts";

/** More than anybody watches. */
const MAX_CHANGED = 5_000;

/** For a cursor that's older, changes may have been deleted. */
const MAX_AGE_SECONDS = CHANGES_KEPT_SECONDS / 2;

const BETWEEN = "/";

/** What has changed since a cursor: `seconds/position`. The position is what the database has committed by then. */
export async function changesSince(
  database: Kysely<Schema>,
  since: ChangesCursor | null,
): Promise<TaskChanges> {
  const [at = "", position = ""] = since?.split(BETWEEN) ?? [];
  const most = since === null ? 0 : MAX_CHANGED + 1;
  const rows = isPostgres(database)
    ? await postgresChanges(database, position, most)
    : await sqliteChanges(database, position, most);
  const now = rows[0]?.now ?? 0;
  const changed = rows.flatMap(({ id, repositoryId }): ChangedTask[] =>
    id === null || repositoryId === null ? [] : [{ id, repositoryId }],
  );
  const cursor = `${now}${BETWEEN}${rows[0]?.position ?? ""}`;
  const isRecent = since === null || now - Number(at) <= MAX_AGE_SECONDS;
  const isComplete = isRecent && changed.length <= MAX_CHANGED;
  return { changed: changed.slice(0, MAX_CHANGED), cursor, isComplete };
}

/** The first row has the new position, even if nothing has changed. */
interface ChangeRow {
  readonly position: string;
  readonly now: number;
  readonly id: string | null;
  readonly repositoryId: number | null;
}

/** Transactions commit in the order of their changes. */
async function sqliteChanges(
  database: Kysely<Schema>,
  position: string,
  most: number,
): Promise<readonly ChangeRow[]> {
  const from = Number(position);
  const { rows } = await sql<ChangeRow>`
    select cast(coalesce((select max(position) from task_changes), ${from}) as text) as position,
      ${sql.raw(databaseTime(database))} as now, changed.id, changed.repository_id
    from (select 1) as one left join (
      select distinct task_id as id, repository_id from task_changes where position > ${from}
      limit ${most}
    ) as changed on true`.execute(database);
  return rows;
}

/**
 * A position is a snapshot: which transactions were over. What wasn't over then, and is now, has changed since, in
 * whatever order the transactions began.
 */
async function postgresChanges(
  database: Kysely<Schema>,
  position: string,
  most: number,
): Promise<readonly ChangeRow[]> {
  const from = position === "" ? sql`pg_current_snapshot()` : sql`${position}::pg_snapshot`;
  const { rows } = await sql<ChangeRow>`
    select pg_current_snapshot()::text as position, ${sql.raw(databaseTime(database))} as now,
      changed.id, changed.repository_id
    from (select 1) as one left join (
      select distinct task_id as id, repository_id from task_changes
      where position >= pg_snapshot_xmin(${from})
      and not pg_visible_in_snapshot(position, ${from})
      limit ${most}
    ) as changed on true`.execute(database);
  return rows;
}
