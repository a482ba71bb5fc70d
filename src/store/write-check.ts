import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { Schema } from "./schema.ts";

/** Adds the table that `checkWrite` writes to. */
export const writeChecks: Migration = {
  async up(database) {
    await database.schema
      .createTable("writeChecks")
      .addColumn("id", "integer", (column) => column.primaryKey())
      .addColumn("content", "text", (column) => column.notNull())
      .execute();
  },
};

/** Written in hexadecimal, which is twice as long: about as much as a new task takes, so that it needs room as a task does. */
const BYTES = 4_096;

/**
 * Commits a small write. A database whose disk is full, or that another process has locked, still answers
 * every question: only a write shows that tasks can be stored.
 *
 * @throws the database's own error when it can't be written
 */
export async function checkWrite(database: Kysely<Schema>): Promise<void> {
  // Always different, because SQLite doesn't write what is there already; random, because PostgreSQL compresses.
  const content = randomBytes(BYTES).toString("hex");
  await database
    .insertInto("writeChecks")
    .values({ id: 1, content })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ content }))
    .execute();
}
