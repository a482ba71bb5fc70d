import type { Kysely } from "kysely";
import { PostgresAdapter } from "kysely";

/** Whether the database is PostgreSQL, where others write at the same time; else it is SQLite. */
export function isPostgres(database: Pick<Kysely<unknown>, "getExecutor">): boolean {
  return database.getExecutor().adapter instanceof PostgresAdapter;
}
