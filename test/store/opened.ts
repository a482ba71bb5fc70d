import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { migrate } from "../../src/store/migrations.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import type { StoreOptions, TaskStore } from "../../src/store/tasks.ts";
import { createTaskStore } from "../../src/store/tasks.ts";

/** A migrated database in a file, and the tasks in it. */
export interface OpenedStore {
  readonly file: string;
  readonly database: ReturnType<typeof openSqlite>;
  readonly tasks: TaskStore;
  close(): Promise<void>;
}

/** The path of a directory that is gone after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-store-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Opens the store in a file, as the bot does, until the test ends. */
export async function openStore(
  file = join(temporaryDirectory(), "tasks.db"),
  options: Partial<StoreOptions> = {},
): Promise<OpenedStore> {
  const database = openSqlite(file);
  onTestFinished(() => database.destroy());
  await migrate(database);
  const tasks = createTaskStore(database, {
    now: () => new Date(),
    newId: () => randomUUID(),
    mostStartsPerRepository: 3,
    ...options,
  });
  return { file, database, tasks, close: () => database.destroy() };
}
