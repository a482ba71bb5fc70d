import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Environment } from "./config/environment.ts";
import { createInProcessQueue } from "./queue/in-process.ts";
import { createSharedQueue } from "./queue/pg-boss.ts";
import type { Queue, QueueLog, Work } from "./queue/queue.ts";
import type { Approvals } from "./store/approvals.ts";
import { createApprovals } from "./store/approvals.ts";
import type { ClosingStore } from "./store/closings.ts";
import { createClosingStore } from "./store/closings.ts";
import type { InstallationStore } from "./store/installations.ts";
import { createInstallationStore } from "./store/installations.ts";
import { migrate } from "./store/migrations.ts";
import { openPostgres, sqlIn, waitForOthers } from "./store/postgres.ts";
import type { OrderStore } from "./store/orders.ts";
import { createOrderStore } from "./store/orders.ts";
import type { RecoveryStore } from "./store/recovery.ts";
import { createRecoveryStore } from "./store/recovery.ts";
import type { Schema } from "./store/schema.ts";
import { openSqlite } from "./store/sqlite.ts";
import type { TaskStore } from "./store/tasks.ts";
import { createTaskStore } from "./store/tasks.ts";

/** Where tasks are kept and who moves them: SQLite and this process, or PostgreSQL and all replicas. */
export interface Storage {
  readonly tasks: TaskStore;
  readonly approvals: Approvals;
  readonly orders: OrderStore;
  readonly closings: ClosingStore;
  readonly installations: InstallationStore;
  readonly recovery: RecoveryStore;
  startQueue(work: Work): Promise<Queue>;
  close(): Promise<void>;
}

/** Opens the storage that the environment names, and brings it up to date. `directory` is locked. */
export function openStorage(
  environment: Environment,
  directory: string,
  log: QueueLog,
): Promise<Storage> {
  const { DATABASE_URL } = environment;
  return DATABASE_URL === undefined
    ? openLocal(environment, directory, log)
    : openShared(environment, DATABASE_URL, log);
}

const now = () => new Date();

function storeOptions({ MAX_TASKS_PER_REPOSITORY }: Environment) {
  return { now, newId: () => randomUUID(), mostStartsPerRepository: MAX_TASKS_PER_REPOSITORY };
}

async function openLocal(
  environment: Environment,
  directory: string,
  log: QueueLog,
): Promise<Storage> {
  const database = openSqlite(join(directory, "tasks.db"));
  await migrate(database);
  const tasks = createTaskStore(database, storeOptions(environment));
  // The lock on the directory tells that whoever held these claims is gone.
  await tasks.releaseAll();
  const recovery = createRecoveryStore(database, now);
  await recovery.release();
  return {
    tasks,
    approvals: createApprovals(database, now),
    orders: createOrderStore(database, now),
    closings: createClosingStore(database, now),
    installations: createInstallationStore(database, now),
    recovery,
    async startQueue(work) {
      const maxConcurrentStarts = environment.MAX_CONCURRENT_STARTS;
      const queue = createInProcessQueue({ work, maxConcurrentStarts, log });
      for (const taskId of await tasks.waiting()) queue.look(taskId);
      return queue;
    },
    close: () => database.destroy(),
  };
}

async function openShared(environment: Environment, url: string, log: QueueLog): Promise<Storage> {
  const database: Kysely<Schema> = openPostgres(url);
  await sql`select 1`.execute(database).catch((cause: unknown) => {
    const { host } = new URL(url);
    throw new Error(`PostgreSQL at ${host} does not answer: check DATABASE_URL`, { cause });
  });
  await migrate(database);
  const shared = await createSharedQueue(url, log);
  const tasks = createTaskStore(database, {
    ...storeOptions(environment),
    waitForOthers,
    enqueue: (transaction, taskIds) => shared.enqueue(sqlIn(transaction), taskIds),
  });
  return {
    tasks,
    approvals: createApprovals(database, now),
    orders: createOrderStore(database, now),
    closings: createClosingStore(database, now),
    installations: createInstallationStore(database, now),
    recovery: createRecoveryStore(database, now),
    startQueue: (work) => shared.work(work, environment.MAX_CONCURRENT_STARTS),
    close: () => database.destroy(),
  };
}
