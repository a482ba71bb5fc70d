import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { access, constants, statfs, unlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import type { Finding } from "../core/finding.ts";
import { openPostgres } from "../store/postgres.ts";
import type { Audience } from "./examination.ts";
import { codeOf, failed, ok, quote, warning } from "./examination.ts";

/** The database as far as the doctor needs it. */
export interface Store {
  /** Rejects when the database cannot answer. */
  ping(): Promise<void>;
  /** False while the bot is still to make it; true unless told. */
  isThere?(): boolean;
}

const STORE = "database";

/** How long the database takes for a round trip. */
export async function examineStore(
  store: Store,
  hasDatabase: boolean,
  audience: Audience,
): Promise<Finding> {
  if (store.isThere?.() === false) {
    return ok(STORE, "There is none yet: the bot makes it when it starts for the first time.");
  }
  const name = hasDatabase ? "PostgreSQL" : "SQLite";
  const before = performance.now();
  try {
    await store.ping();
  } catch (error) {
    const cure = hasDatabase
      ? "The administrator of the bot starts PostgreSQL, or mends DATABASE_URL."
      : "The administrator of the bot looks whether DATA_DIR can be written, and at the bot's log.";
    return failed(STORE, `${name} does not answer${reason(error, audience)}.`, cure);
  }
  return ok(STORE, `${name} answers in ${Math.ceil(performance.now() - before)} ms.`);
}

/** The message may tell the address of the database: it is not for everybody. */
function reason(error: unknown, audience: Audience): string {
  const words = audience === "administrator" && error instanceof Error ? error.message : "";
  if (words !== "") return `: ${quote(words)}`;
  const code = codeOf(error);
  return code === null ? "" : ` (${quote(code)})`;
}

const MB = 1_000_000;
const LITTLE = 500 * MB;
const TOO_LITTLE = 50 * MB;
const SPACE = "space for the data";

/** Whether the directory of data can be written, and how much space it has. */
export async function examineSpace(directory: string): Promise<Finding> {
  try {
    const place = nearest(resolve(directory));
    await tryToWrite(place, existsSync(directory));
    const { bavail, bsize } = await statfs(place);
    return judgeSpace(bavail * bsize);
  } catch (error) {
    const found = `DATA_DIR cannot be written (${quote(codeOf(error) ?? "unknown error")}).`;
    const cure =
      "The administrator of the bot gives it the right to write there, or frees space, or sets DATA_DIR to another directory.";
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
  const found = `${shown} are free in DATA_DIR, and it can be written.`;
  if (bytes >= LITTLE) return ok(SPACE, found);
  const cure =
    "The administrator of the bot frees space there, or moves DATA_DIR to a larger disk.";
  return bytes < TOO_LITTLE ? failed(SPACE, found, cure) : warning(SPACE, found, cure);
}

/** A store that is looked at from outside, while a bot may be at work on it. Changes nothing. */
export function openFromOutside(databaseUrl: string | undefined, directory: string): Store {
  const file = join(directory, "tasks.db");
  return {
    isThere: () => databaseUrl !== undefined || existsSync(file),
    async ping() {
      if (databaseUrl === undefined) return read(file, 1_000);
      const database = openPostgres(databaseUrl);
      try {
        await sql`select 1`.execute(database);
      } finally {
        await database.destroy();
      }
    },
  };
}

function read(file: string, timeout: number): void {
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
  if (!existsSync(file)) return ok(what, `None has been started yet on ${place}.`);
  try {
    read(file, 0);
    return ok(what, `None is running on ${place}.`);
  } catch (error) {
    if (error instanceof Error && error.message.includes("locked")) {
      return ok(what, `A bot is running on ${place}.`);
    }
    const found = `Whether one is running on ${place} cannot be told (${quote(codeOf(error) ?? "unknown error")}).`;
    const cure = "The administrator of the bot runs this as the user that the bot runs as.";
    return warning(what, found, cure);
  }
}
