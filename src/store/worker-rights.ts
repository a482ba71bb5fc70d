import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Schema } from "./schema.ts";

/** What a worker's role may do in the bot's database. */
export interface WorkerRights {
  /** What it needs and may not do, e.g. `INSERT on hosting_mail`. */
  readonly missing: readonly string[];
  /** Whether it can read what isn't a worker's business: the bot's tasks. */
  readonly readsTasks: boolean;
}

/** Asks the server which of the documented rights the role has. Rejects with its own error. */
export async function readWorkerRights(database: Kysely<Schema>): Promise<WorkerRights> {
  const { rows } = await sql<{ readonly right: string }>`
    select privilege || ' on ' || name as "right"
    from unnest(array['hosted_sessions', 'hosting_mail', 'hosting_workers']) as name,
      unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) as privilege
    where not has_table_privilege(name, privilege)
    union all
    select 'UPDATE on pgboss.job_common' where not has_table_privilege('pgboss.job_common', 'UPDATE')
    order by 1
  `.execute(database);
  const tasks = await sql<{ readonly canRead: boolean }>`
    select has_table_privilege('tasks', 'SELECT') as "canRead"
  `.execute(database);
  return {
    missing: rows.map(({ right }) => right),
    readsTasks: tasks.rows[0]?.canRead === true,
  };
}
