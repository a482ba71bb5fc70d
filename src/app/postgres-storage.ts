import { setTimeout as sleep } from "node:timers/promises";
import type { Kysely } from "kysely";
import { databasePlace } from "../config/database-url.ts";
import { CannotStart } from "../core/error/cannot-start.ts";
import type { SharedQueue } from "../queue/pg-boss.ts";
import { createSharedQueue } from "../queue/pg-boss.ts";
import type { Storage, StorageOptions } from "./storage.ts";
import { createStores } from "../store/stores.ts";
import { migrate } from "../store/migrations.ts";
import { openPostgres, sqlIn, waitForOthers } from "../store/postgres.ts";
import type { PostgresFacts } from "../store/postgres-facts.ts";
import { readPostgresFacts, rightsProblem, serverProblem } from "../store/postgres-facts.ts";
import { postgresCodeOf, postgresProblem } from "../store/postgres-trouble.ts";
import type { Schema } from "../store/schema.ts";
import { createTaskStore } from "../store/tasks.ts";
import { now, taskOptions } from "./task-options.ts";

/**
 * Opens the storage in PostgreSQL, which several replicas share, and brings it up to date. A server that is away
 * is waited for.
 *
 * @throws CannotStart when the server stays away, or the settings or rights are wrong
 */
export async function openShared(
  { environment, log, measured }: StorageOptions,
  url: string,
): Promise<Storage> {
  const onAudited = measured?.onAudited;
  const database: Kysely<Schema> = openPostgres(url);
  try {
    const shared = await prepare(database, { environment, url, log, measured });
    const tasks = createTaskStore(database, {
      ...taskOptions(environment),
      waitForOthers,
      onAudited,
      enqueue: (transaction, inserted) => shared.enqueue(sqlIn(transaction), inserted),
    });
    return {
      tasks,
      ...createStores(database, now, onAudited),
      startQueue: (work) => shared.work(work, environment.MAX_CONCURRENT_STARTS),
      close: () => database.destroy(),
    };
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

interface Settings extends StorageOptions {
  readonly url: string;
}

async function prepare(database: Kysely<Schema>, settings: Settings): Promise<SharedQueue> {
  const { url, log, measured } = settings;
  const measure = measured?.measure;
  const facts = await waitForServer(database, settings);
  try {
    await migrate(database);
    return await createSharedQueue(url, { log, hasSchema: facts.hasQueueSchema, measure });
  } catch (error) {
    // The server's own words name one object; what is missing is a right.
    const isRight = ["42501", "3F000"].includes(postgresCodeOf(error) ?? "");
    const problem = isRight ? rightsProblem(facts, error) : null;
    throw problem ?? postgresProblem(error, databasePlace(url)) ?? error;
  }
}

/** Between two attempts to reach the server, in milliseconds. */
const ATTEMPT_MS = 1_000;

/** A server may start, or its name become known, later than the bot. */
async function waitForServer(
  database: Kysely<Schema>,
  { environment, url, log }: Settings,
): Promise<PostgresFacts> {
  const until = Date.now() + environment.DATABASE_WAIT_SECONDS * 1_000;
  let isLogged = false;
  for (;;) {
    const found = await lookAtServer(database, url);
    if (!(found instanceof CannotStart)) return found;
    const mayPass = found.reason === "outage" || postgresCodeOf(found) === "ENOTFOUND";
    if (!mayPass || Date.now() >= until) throw found;
    if (!isLogged) log.warn({ reason: found.message }, "waiting for PostgreSQL");
    isLogged = true;
    await sleep(ATTEMPT_MS);
  }
}

async function lookAtServer(
  database: Kysely<Schema>,
  url: string,
): Promise<PostgresFacts | CannotStart> {
  try {
    const facts = await readPostgresFacts(database);
    return serverProblem(facts) ?? facts;
  } catch (error) {
    const problem = postgresProblem(error, databasePlace(url));
    if (problem === null) throw error;
    return problem;
  }
}
