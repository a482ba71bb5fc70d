import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Kysely } from "kysely";
import { sql } from "kysely";
import { onTestFinished } from "vitest";
import type { Stores } from "../../src/store/stores.ts";
import { createStores } from "../../src/store/stores.ts";
import { migrate } from "../../src/store/migrations.ts";
import { openPostgres, waitForOthers } from "../../src/store/postgres.ts";
import type { Schema } from "../../src/store/schema.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import type { TaskStore } from "../../src/ports/tasks.ts";
import type { StoreOptions } from "../../src/store/tasks.ts";
import { createTaskStore } from "../../src/store/tasks.ts";
import { taskIdOf } from "../../src/store/task-id.ts";
import { takeDatabase } from "./pooled-database.ts";

/** A migrated database, and what is in it. */
export interface OpenedStore extends Stores {
  /** Of SQLite; empty on PostgreSQL. */
  readonly file: string;
  /** The variables that name the database to another process. */
  readonly variables: Readonly<Record<string, string>>;
  readonly database: Kysely<Schema>;
  readonly tasks: TaskStore;
  close(): Promise<void>;
}

/** The path of a directory that is gone after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-store-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/**
 * Opens the store, as the bot does, until the test ends: in a file with SQLite, or, where the tests are
 * run for it, in a PostgreSQL database of its own.
 */
export async function openStore(
  file?: string,
  options: Partial<StoreOptions> = {},
): Promise<OpenedStore> {
  const isShared = process.env["TEST_STORE"] === "postgres" && file === undefined;
  const path = isShared ? "" : (file ?? join(temporaryDirectory(), "tasks.db"));
  const { database, variables } = isShared ? await openShared() : openLocal(path);
  if (!isShared) await migrate(database);
  const { now = () => new Date() } = options;
  const tasks = createTaskStore(database, {
    now,
    idOf: taskIdOf,
    mostStartsPerRepository: 3,
    ...(isShared ? { waitForOthers } : {}),
    ...options,
  });
  return {
    file: path,
    variables,
    database,
    tasks,
    ...createStores(database, now),
    close: () => database.destroy(),
  };
}

function openLocal(file: string) {
  const database = openSqlite(file);
  onTestFinished(() => database.destroy());
  return { database, variables: { DATA_DIR: dirname(file) } };
}

async function openShared() {
  const { url, giveBack } = await takeDatabase();
  const database = openPostgres(url);
  // Kysely closes only what it has connected to.
  await sql`select 1`.execute(database);
  onTestFinished(async () => {
    await database.destroy();
    await giveBack();
  });
  return { database, variables: { DATABASE_URL: url } };
}
