import type { Kysely } from "kysely";

/** A database that a migration changes: migrations are history, and don't know today's schema. */
export type Migrated = Pick<Kysely<unknown>, "schema">;

/** An index of a table, for a migration that creates it. */
export function indexOn(
  { schema }: Migrated,
  table: string,
  name: string,
  columns: readonly string[],
) {
  return schema
    .createIndex(name)
    .on(table)
    .columns([...columns]);
}
