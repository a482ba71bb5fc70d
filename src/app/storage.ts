import { join } from "node:path";
import type { Environment } from "../config/environment.ts";
import { createInProcessQueue } from "../queue/in-process.ts";
import type { Log } from "../ports/log.ts";
import type { Queue, Work } from "../ports/queue.ts";
import type { Stores } from "../store/stores.ts";
import { createStores } from "../store/stores.ts";
import { fileProblem } from "../store/directory.ts";
import { migrate } from "../store/migrations.ts";
import { now, taskOptions } from "./task-options.ts";
import { sqliteCodeOf } from "../store/sqlite-codes.ts";
import { openSqlite } from "../store/sqlite.ts";
import type { TaskStore } from "../ports/tasks.ts";
import { createTaskStore } from "../store/tasks.ts";

/** Where tasks are kept and who moves them: SQLite and this process, or PostgreSQL and all replicas. */
export interface Storage extends Stores {
  readonly tasks: TaskStore;
  startQueue(work: Work): Promise<Queue>;
  close(): Promise<void>;
}

/** The error of SQLite's that another one was caused by; null when there is none. */
function rootOf(error: unknown): unknown {
  if (sqliteCodeOf(error) !== null) return error;
  return error instanceof Error ? rootOf(error.cause) : null;
}

/** Opens the storage that the environment names, and brings it up to date. `directory` is locked. */
export async function openStorage(
  environment: Environment,
  directory: string,
  log: Pick<Log, "warn" | "error">,
): Promise<Storage> {
  const { DATABASE_URL } = environment;
  if (DATABASE_URL === undefined) return openLocal(environment, directory, log);
  // Who keeps to SQLite need not load what speaks to PostgreSQL.
  const { openShared } = await import("./postgres-storage.ts");
  return openShared(environment, DATABASE_URL, log);
}

async function openLocal(
  environment: Environment,
  directory: string,
  log: Pick<Log, "warn" | "error">,
): Promise<Storage> {
  const file = join(directory, "tasks.db");
  const database = openSqlite(file);
  try {
    await migrate(database);
  } catch (error) {
    await database.destroy();
    throw rootOf(error) === null ? error : fileProblem(file, "opened", rootOf(error));
  }
  const tasks = createTaskStore(database, taskOptions(environment));
  // The lock on the directory shows that whoever held these claims is gone.
  await tasks.releaseAll();
  const stores = createStores(database, now);
  await stores.recovery.release();
  return {
    tasks,
    ...stores,
    async startQueue(work) {
      const maxConcurrentStarts = environment.MAX_CONCURRENT_STARTS;
      const queue = createInProcessQueue({ work, maxConcurrentStarts, log });
      for (const task of await tasks.waitingTasks()) queue.process(task.id, task);
      return queue;
    },
    close: () => database.destroy(),
  };
}
