import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Schema } from "./schema.ts";

/** What a worker's role may do in the bot's database. */
export interface WorkerRights {
  /** What it needs and may not do, e.g. `INSERT on hosting_mail`. */
  readonly missing: readonly string[];
  /** The tables of the bot's that it can read although they aren't a worker's business. */
  readonly readable: readonly string[];
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
    union all
    select 'SELECT on pgboss.' || tablename
    from pg_tables
    where schemaname = 'pgboss'
      and not has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT')
    order by 1
  `.execute(database);
  const others = await sql<{ readonly name: string }>`
    select tablename as name
    from pg_tables
    where schemaname = current_schema()
      and tablename not in ('hosted_sessions', 'hosting_mail', 'hosting_workers')
      and has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT')
    order by 1
  `.execute(database);
  return {
    missing: rows.map(({ right }) => right),
    readable: others.rows.map(({ name }) => name),
  };
}
