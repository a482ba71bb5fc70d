import { join } from "node:path";
import type { Environment } from "./config/environment.ts";
import { createInProcessQueue } from "./queue/in-process.ts";
import type { Queue, QueueLog, Work } from "./queue/queue.ts";
import type { StoresBesides } from "./store/besides.ts";
import { createStoresBesides } from "./store/besides.ts";
import { migrate } from "./store/migrations.ts";
import { now, taskOptions } from "./task-options.ts";
import { openSqlite } from "./store/sqlite.ts";
import type { TaskStore } from "./store/tasks.ts";
import { createTaskStore } from "./store/tasks.ts";

/** Where tasks are kept and who moves them: SQLite and this process, or PostgreSQL and all replicas. */
export interface Storage extends StoresBesides {
  readonly tasks: TaskStore;
  startQueue(work: Work): Promise<Queue>;
  close(): Promise<void>;
}

/** Opens the storage that the environment names, and brings it up to date. `directory` is locked. */
export async function openStorage(
  environment: Environment,
  directory: string,
  log: QueueLog,
): Promise<Storage> {
  const { DATABASE_URL } = environment;
  if (DATABASE_URL === undefined) return openLocal(environment, directory, log);
  // Who keeps to SQLite need not load what speaks to PostgreSQL.
  const { openShared } = await import("./shared-storage.ts");
  return openShared(environment, DATABASE_URL, log);
}

async function openLocal(
  environment: Environment,
  directory: string,
  log: QueueLog,
): Promise<Storage> {
  const database = openSqlite(join(directory, "tasks.db"));
  await migrate(database);
  const tasks = createTaskStore(database, taskOptions(environment));
  // The lock on the directory tells that whoever held these claims is gone.
  await tasks.releaseAll();
  const besides = createStoresBesides(database, now);
  await besides.recovery.release();
  return {
    tasks,
    ...besides,
    async startQueue(work) {
      const maxConcurrentStarts = environment.MAX_CONCURRENT_STARTS;
      const queue = createInProcessQueue({ work, maxConcurrentStarts, log });
      for (const taskId of await tasks.waiting()) queue.look(taskId);
      return queue;
    },
    close: () => database.destroy(),
  };
}
