import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { access, constants, statfs, unlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Finding } from "../core/doctor/finding.ts";
import type { ConnectionCount } from "../core/identity/connection.ts";
import { machineOfWorker } from "../core/worker/machine.ts";
import type { Undelivered } from "../core/task/undelivered.ts";
import type { RepositoryName } from "../github/app-facts.ts";
import type { Machines } from "../ports/machines.ts";
import { countConnections } from "../store/connections.ts";
import { findHostedTasks } from "../store/hosted-tasks.ts";
import { openPostgres } from "../store/postgres.ts";
import type { Schema } from "../store/schema.ts";
import { openSqliteToRead } from "../store/sqlite.ts";
import { findUndelivered } from "../store/undelivered.ts";
import { createWorkerRows } from "../store/worker-rows.ts";
import type { Audience } from "./examination.ts";
import { errorCodeOf, failed, ok, quote, warning } from "./examination.ts";

/** The database as far as the doctor needs it. */
export interface Store extends Machines {
  /** Rejects when the database cannot answer. */
  ping(): Promise<void>;
  /** False while the bot is still to create it; true by default. */
  isThere?(): boolean;
  /** Tasks that wait because GitHub refuses, of one repository or (null) of all. */
  undelivered(repository: RepositoryName | null): Promise<Undelivered>;
  connections(): Promise<ConnectionCount>;
}

const STORE = "database";

/** How long the database takes for a round trip. */
export async function examineStore(
  store: Store,
  hasDatabase: boolean,
  audience: Audience,
): Promise<Finding> {
  if (store.isThere?.() === false) {
    return ok(STORE, "None yet. The bot creates it when it starts for the first time.");
  }
  const name = hasDatabase ? "PostgreSQL" : "SQLite";
  const before = performance.now();
  try {
    await store.ping();
  } catch (error) {
    const cure = hasDatabase
      ? "Start PostgreSQL, or fix DATABASE_URL."
      : "Check that DATA_DIR is writable, and see the bot's log.";
    return failed(STORE, `${name} doesn't respond${reason(error, audience)}.`, cure);
  }
  return ok(STORE, `${name} responds in ${Math.ceil(performance.now() - before)} ms.`);
}

/** The message may contain the database's address, which isn't for everybody. */
function reason(error: unknown, audience: Audience): string {
  const words = audience === "administrator" && error instanceof Error ? error.message : "";
  if (words !== "") return `: ${quote(words)}`;
  const code = errorCodeOf(error);
  return code === null ? "" : ` (${quote(code)})`;
}

const MB = 1_000_000;
const LITTLE = 500 * MB;
const TOO_LITTLE = 50 * MB;
const SPACE = "disk space";

/** Whether the directory of data can be written, and how much space it has. */
export async function examineSpace(directory: string): Promise<Finding> {
  try {
    const place = nearest(resolve(directory));
    await tryToWrite(place, existsSync(directory));
    const { bavail, bsize } = await statfs(place);
    return judgeSpace(bavail * bsize);
  } catch (error) {
    const found = `Can't write to DATA_DIR (${quote(errorCodeOf(error) ?? "unknown error")}).`;
    const cure =
      "Give the bot's user write access, free space there, or set DATA_DIR to another directory.";
    return failed(SPACE, found, cure);
  }
}

/** The directory, or, where it is still to be made, the one in which it will be. */
function nearest(directory: string): string {
  return existsSync(directory) ? directory : nearest(dirname(directory));
}

async function tryToWrite(directory: string, isOurs: boolean): Promise<void> {
  if (!isOurs) return access(directory, constants.W_OK);
  const file = join(directory, `doctor-${randomUUID()}`);
  await writeFile(file, "x", { flag: "wx", mode: 0o600 });
  await unlink(file);
}

/** Free space in bytes. */
export function judgeSpace(bytes: number): Finding {
  const shown =
    bytes < 1_000 * MB ? `${Math.floor(bytes / MB)} MB` : `${(bytes / 1_000 / MB).toFixed(1)} GB`;
  const found = `${shown} free in DATA_DIR, which is writable.`;
  if (bytes >= LITTLE) return ok(SPACE, found);
  const cure = "Free space there, or move DATA_DIR to a larger disk.";
  return bytes < TOO_LITTLE ? failed(SPACE, found, cure) : warning(SPACE, found, cure);
}

/** A store that is looked at from outside, while a bot may be at work on it. Changes nothing. */
export function openFromOutside(databaseUrl: string | undefined, directory: string): Store {
  const file = join(directory, "tasks.db");
  const isThere = () => databaseUrl !== undefined || existsSync(file);

  async function read<Found>(
    find: (database: Kysely<Schema>) => Promise<Found>,
    none: Found,
  ): Promise<Found> {
    if (!isThere()) return none;
    const database = databaseUrl === undefined ? openSqliteToRead(file) : openPostgres(databaseUrl);
    try {
      return await find(database);
    } catch (error) {
      if (error instanceof Error && NOT_YET.test(error.message)) return none;
      throw error;
    } finally {
      await database.destroy();
    }
  }

  return {
    isThere,
    undelivered: (repository) => read((database) => findUndelivered(database, repository), NONE),
    connections: () => read(countConnections, { connected: 0, ended: 0 }),
    machines: () =>
      databaseUrl === undefined
        ? Promise.resolve([])
        : read(
            async (database) => (await createWorkerRows(database).all()).map(machineOfWorker),
            [],
          ),
    hostedTasks: (repository) => read((database) => findHostedTasks(database, repository), []),
    async ping() {
      if (databaseUrl === undefined) return readFile(file, 1_000);
      const database = openPostgres(databaseUrl);
      try {
        await sql`select 1`.execute(database);
      } finally {
        await database.destroy();
      }
    },
  };
}

/** A bot that is still to be started has no table; one that is still to be updated lacks one, or the column. */
const NOT_YET =
  /no such table: (?:tasks|connections)|relation "(?:tasks|connections|hosting_workers)" does not exist|refused_since|no such column: hosting|column "(?:hosting|labels)" does not exist/u;

const NONE: Undelivered = { count: 0, oldest: null };

function readFile(file: string, timeout: number): void {
  const database = new DatabaseSync(file, { readOnly: true, timeout });
  try {
    database.prepare("select count(*) from sqlite_schema").get();
  } finally {
    database.close();
  }
}

/** Whether a bot has the directory: one that is at work keeps everybody else from reading its lock. */
export function examineLock(directory: string): Finding {
  const what = "bot";
  const file = join(directory, "lock.db");
  const place = quote(resolve(directory));
  if (!existsSync(file)) return ok(what, `No bot has used ${place} yet.`);
  try {
    readFile(file, 0);
    return ok(what, `No bot is running on ${place}.`);
  } catch (error) {
    if (error instanceof Error && error.message.includes("locked")) {
      return ok(what, `A bot is running on ${place}.`);
    }
    const found = `Can't check whether a bot is running on ${place} (${quote(errorCodeOf(error) ?? "unknown error")}).`;
    const cure = "Run this as the user that runs the bot.";
    return warning(what, found, cure);
  }
}
