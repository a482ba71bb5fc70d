import { join } from "node:path";
import type { Environment } from "../config/environment.ts";
import { createInProcessQueue } from "../queue/in-process.ts";
import type { Log } from "../ports/log.ts";
import type { Measure } from "../ports/metrics.ts";
import type { AuditListener } from "../store/audit.ts";
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
  measured?: MeasuredTasks,
): Promise<Storage> {
  const { DATABASE_URL } = environment;
  const options = { environment, log, measured };
  const storage = await (DATABASE_URL === undefined
    ? openLocal(options, directory)
    : openReplicas(options, DATABASE_URL));
  return measured === undefined ? storage : { ...storage, tasks: measured.timed(storage.tasks) };
}

/** How tasks are measured. */
export interface MeasuredTasks {
  readonly measure: Measure;
  /** Gets the steps of tasks. */
  readonly onAudited: AuditListener;
  /** The same tasks, whose changes are timed. */
  readonly timed: (tasks: TaskStore) => TaskStore;
}

/** What storage is opened with, whatever the database. */
export interface StorageOptions {
  readonly environment: Environment;
  readonly log: Pick<Log, "warn" | "error">;
  /** Undefined where nobody reads metrics. */
  readonly measured: MeasuredTasks | undefined;
}

/** Who keeps to SQLite need not load what speaks to PostgreSQL. */
async function openReplicas(options: StorageOptions, url: string): Promise<Storage> {
  const { openShared } = await import("./postgres-storage.ts");
  return openShared(options, url);
}

async function openLocal(
  { environment, log, measured }: StorageOptions,
  directory: string,
): Promise<Storage> {
  const file = join(directory, "tasks.db");
  const database = openSqlite(file);
  try {
    await migrate(database);
  } catch (error) {
    await database.destroy();
    throw rootOf(error) === null ? error : fileProblem(file, "opened", rootOf(error));
  }
  const { measure, onAudited } = measured ?? {};
  const tasks = createTaskStore(database, { ...taskOptions(environment), onAudited });
  // The lock on the directory shows that whoever held these claims is gone.
  await tasks.releaseAll();
  const stores = createStores(database, now, onAudited);
  await stores.recovery.release();
  return {
    tasks,
    ...stores,
    async startQueue(work) {
      const maxConcurrentStarts = environment.MAX_CONCURRENT_STARTS;
      const queue = createInProcessQueue({ work, maxConcurrentStarts, log, measure });
      for (const task of await tasks.waitingTasks()) queue.process(task.id, task);
      return queue;
    },
    close: () => database.destroy(),
  };
}
