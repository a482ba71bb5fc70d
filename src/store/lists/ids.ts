import type { Kysely, RawBuilder } from "kysely";
import { sql } from "kysely";
import { isPostgres } from "../dialect.ts";
import type { Schema } from "../schema.ts";

// A statement has the same text for any number of ids, so that SQLite compiles it once.

/** A table of ids, with the column `repository_id`. */
export function tableOfIds(database: Kysely<Schema>, ids: readonly number[]): RawBuilder<unknown> {
  const list = JSON.stringify(ids);
  return isPostgres(database)
    ? sql`(select value::bigint as repository_id from json_array_elements_text(${list}::json))`
    : sql`(select value as repository_id from json_each(${list}))`;
}

/** Whether a task that was found is in one of these repositories. */
export function isInside(database: Kysely<Schema>, ids: readonly number[]): RawBuilder<boolean> {
  return sql`repository_id in (select repository_id from ${tableOfIds(database, ids)} as ids)`;
}

/** The same, to find tasks by it: PostgreSQL looks up each value of an array in an index. */
export function isInAny(database: Kysely<Schema>, ids: readonly number[]): RawBuilder<boolean> {
  const table = sql`select repository_id from ${tableOfIds(database, ids)} as ids`;
  return isPostgres(database)
    ? sql`repository_id = any(array(${table}))`
    : sql`repository_id in (${table})`;
}
