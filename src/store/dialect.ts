import type { Kysely } from "kysely";
import { PostgresAdapter } from "kysely";
import type { Schema } from "./schema.ts";

/** Whether the database is PostgreSQL, where others write at the same time; else it is SQLite. */
export function isPostgres(database: Kysely<Schema>): boolean {
  return database.getExecutor().adapter instanceof PostgresAdapter;
}
