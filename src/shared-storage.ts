import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Environment } from "./config/environment.ts";
import { createSharedQueue } from "./queue/pg-boss.ts";
import type { QueueLog } from "./queue/queue.ts";
import type { Storage } from "./storage.ts";
import { createStoresBesides } from "./store/besides.ts";
import { migrate } from "./store/migrations.ts";
import { now, taskOptions } from "./task-options.ts";
import { openPostgres, sqlIn, waitForOthers } from "./store/postgres.ts";
import type { Schema } from "./store/schema.ts";
import { createTaskStore } from "./store/tasks.ts";

/** Opens the storage in PostgreSQL, which several replicas share, and brings it up to date. */
export async function openShared(
  environment: Environment,
  url: string,
  log: QueueLog,
): Promise<Storage> {
  const database: Kysely<Schema> = openPostgres(url);
  await sql`select 1`.execute(database).catch((cause: unknown) => {
    const { host } = new URL(url);
    throw new Error(`PostgreSQL at ${host} does not answer: check DATABASE_URL`, { cause });
  });
  await migrate(database);
  const shared = await createSharedQueue(url, log);
  const tasks = createTaskStore(database, {
    ...taskOptions(environment),
    waitForOthers,
    enqueue: (transaction, taskIds) => shared.enqueue(sqlIn(transaction), taskIds),
  });
  return {
    tasks,
    ...createStoresBesides(database, now),
    startQueue: (work) => shared.work(work, environment.MAX_CONCURRENT_STARTS),
    close: () => database.destroy(),
  };
}
