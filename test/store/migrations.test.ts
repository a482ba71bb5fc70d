import { join } from "node:path";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { migrate } from "../../src/store/migrations.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { openStore, temporaryDirectory } from "./opened.ts";
import { labelled } from "./trigger.ts";

test("migrations are made once, and lose nothing", async () => {
  const { database, tasks } = await openStore();
  const task = await tasks.insert(labelled());
  const schema = await sql`select sql from sqlite_schema order by name`.execute(database);
  await migrate(database);
  await migrate(database);
  const after = await sql`select sql from sqlite_schema order by name`.execute(database);
  expect(after.rows).toEqual(schema.rows);
  expect(await tasks.get(task?.id ?? "")).toEqual(task);
});

test("a migration that fails is named, and is made again when its cause is mended", async () => {
  const database = openSqlite(join(temporaryDirectory(), "tasks.db"));
  onTestFinished(() => database.destroy());
  await sql`create table recovery (id integer)`.execute(database);
  await expect(migrate(database)).rejects.toThrow(
    "The database could not be brought up to date: 2026-11-21-tasks-recovery failed.",
  );
  await sql`drop table recovery`.execute(database);
  await expect(migrate(database)).resolves.toBeUndefined();
});

// Kysely makes migrations in SQLite without a transaction: what is cut off in the middle of one, e.g. by a
// full disk or a kill, fails for ever after with "table tasks already exists".
test("migrations that fail leave nothing behind", async () => {
  const database = openSqlite(join(temporaryDirectory(), "tasks.db"));
  onTestFinished(() => database.destroy());
  await sql`create table recovery (id integer)`.execute(database);
  await expect(migrate(database)).rejects.toThrow("could not be brought up to date");
  const tables = await sql`select name from sqlite_schema where name = 'tasks'`.execute(database);
  expect(tables.rows).toEqual([]);
});

test("a database of a newer bot is refused", async () => {
  const { database } = await openStore();
  await sql`insert into kysely_migration (name, timestamp) values ('9999', '')`.execute(database);
  await expect(migrate(database)).rejects.toThrow("The database could not be brought up to date");
});
