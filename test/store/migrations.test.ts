import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { sql } from "kysely";
import { Migrator } from "kysely/migration";
import { expect, onTestFinished, test } from "vitest";
import { newTask } from "../../src/core/task/new-task.ts";
import type { Task } from "../../src/core/task/task.ts";
import { migrate, MIGRATIONS } from "../../src/store/migrations.ts";
import { newRow } from "../../src/store/task-row.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { createTaskStore } from "../../src/store/tasks.ts";
import { openStore, temporaryDirectory } from "./opened.ts";
import { changed } from "../core/task.ts";
import { commanded, labeled } from "./trigger.ts";

test("migrations are made once, and lose nothing", async () => {
  const { database, tasks } = await openStore();
  const task = await tasks.insert(labeled());
  const schema = await sql`select sql from sqlite_schema order by name`.execute(database);
  await migrate(database);
  await migrate(database);
  const after = await sql`select sql from sqlite_schema order by name`.execute(database);
  expect(after.rows).toEqual(schema.rows);
  expect(await tasks.get(task?.id ?? "")).toEqual(task);
});

test("a migration that fails is named, and runs again once its cause is fixed", async () => {
  const database = openSqlite(join(temporaryDirectory(), "tasks.db"));
  onTestFinished(() => database.destroy());
  await sql`create table recovery (id integer)`.execute(database);
  await expect(migrate(database)).rejects.toThrow(
    "The database could not be brought up to date: 2026-11-21-tasks-recovery failed.",
  );
  await sql`drop table recovery`.execute(database);
  await expect(migrate(database)).resolves.toBeUndefined();
});

test("a migration that sorts before one that was made already is made", async () => {
  const database = openSqlite(join(temporaryDirectory(), "tasks.db"));
  onTestFinished(() => database.destroy());
  const {
    "2026-11-29-undelivered": _undelivered,
    "2026-11-29-waiting-for-place": _waiting,
    ...earlier
  } = MIGRATIONS;
  const provider = { getMigrations: () => Promise.resolve(earlier) };
  await new Migrator({ db: database, provider }).migrateToLatest();

  await migrate(database);
  const columns = await sql<{ name: string }>`select name from pragma_table_info('tasks')`.execute(
    database,
  );
  expect(columns.rows.map(({ name }) => name)).toContain("waiting_since");
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

test("tasks that were written before are all there, with no index for their deliveries", async () => {
  const database = openSqlite(join(temporaryDirectory(), "tasks.db"));
  onTestFinished(() => database.destroy());
  const provider = { getMigrations: () => Promise.resolve(MIGRATIONS) };
  const migrator = new Migrator({ db: database, provider });
  expect(await migrator.migrateTo("2026-11-22-orders")).not.toHaveProperty("error");
  const before = { idOf: () => randomUUID(), now: () => new Date(), mostStartsPerRepository: 3 };
  const tasks = createTaskStore(database, before);
  const older = [labeled(), commanded(2)].map((trigger) => newTask(trigger, randomUUID(), NOW));
  await database.insertInto("tasks").values(older.map(writtenBefore)).execute();

  await migrate(database);

  for (const task of older) {
    // Nothing is made up: whose settings a comment leads to isn't known of them.
    expect(await tasks.get(task.id)).toEqual(changed(task, { place: { ownerType: null } }));
  }
  expect(await tasks.insert(commanded(2, { trigger: { deliveryId: "delivery-3" } }))).toBeNull();
  const indexed = sql<{ on: string }>`
    select group_concat(info.name, ', ') as "on"
    from pragma_index_list('tasks') as list, pragma_index_info(list.name) as info
    group by list.name order by list.name`;
  expect((await indexed.execute(database)).rows.map((index) => index.on)).toMatchInlineSnapshot(`
    [
      "id",
      "event_key",
      "installation_id, settled_at",
      "session_started_at",
      "repository_id, created_at, id",
      "repository_id, created_at, id",
      "kind, repository_id, created_at, id",
      "created_at, id, repository_id",
      "state, repository_id, created_at, id",
      "repository_id, created_at",
      "repository_id",
      "owner_id, session_intent_at",
      "owner_id, requester_id, session_intent_at",
      "owner_id, repository_id, session_intent_at",
      "subject_key",
      "repository_id, subject_number, created_at",
      "requester_id",
      "refused_since",
      "created_at",
      "owner_id, waiting_since",
      "requester_id, created_at",
    ]
  `);
});

const NOW = "2026-11-21T12:00:00.000Z";

/** A task's row as it was before 2026-11-29. */
function writtenBefore(task: Task) {
  const { ownerType: _type, viaApp: _app, misplaced: _hint, ...row } = newRow(task);
  return row;
}

test("a database of a newer bot is refused", async () => {
  const { database } = await openStore();
  await sql`insert into kysely_migration (name, timestamp) values ('9999', '')`.execute(database);
  await expect(migrate(database)).rejects.toThrow("The database could not be brought up to date");
});
