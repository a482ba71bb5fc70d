import type { Kysely } from "kysely";
import type { Schema } from "./schema.ts";

/** An index of a table, for a migration that creates it. */
export function indexOn(
  database: Kysely<Schema>,
  table: keyof Schema,
  name: string,
  columns: readonly string[],
) {
  return database.schema
    .createIndex(name)
    .on(table)
    .columns([...columns]);
}
