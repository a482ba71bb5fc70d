import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CannotStart } from "../core/error/cannot-start.ts";
import { messageOf } from "../core/error/thrown.ts";
import { sqliteCodeOf } from "./sqlite-codes.ts";

/** The directory of data of this process, locked until it is released or the process ends. */
export interface DataDirectory {
  readonly path: string;
  release(): void;
}

const FILES = ["lock.db", "tasks.db", "tasks.db-wal", "tasks.db-shm"];

/** A lock that nothing refers to would be collected as garbage, closed, and so given up. */
const held = new Set<DatabaseSync>();

/**
 * Takes the directory for this process alone. The lock is the operating system's, on a file beside the
 * data, so that it goes with the process, and a backup can still read the data.
 *
 * @throws CannotStart when the directory can't be written, or another process has it
 */
export function lockDataDirectory(dataDir: string): DataDirectory {
  const path = resolve(dataDir);
  makeDirectory(path);
  assertWritable(path);
  const lock = takeLock(path);
  held.add(lock);
  return {
    path,
    release() {
      held.delete(lock);
      lock.close();
    },
  };
}

/**
 * Makes a directory for this account alone, with its parents.
 *
 * @throws CannotStart when that fails, or when it exists and can't be written
 */
export function makeDirectory(path: string): void {
  try {
    makeWithParents(path);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw directoryProblem(path, error);
  }
}

/** Node's own way to make parents never ends where a directory is that nobody can make another one in, like /proc. */
function makeWithParents(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) return;
  if (!existsSync(dirname(path))) makeWithParents(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process was faster.
    if (!existsSync(path) || !statSync(path).isDirectory()) throw error;
  }
}

/** SQLite takes a lock on a file that can only be read, and keeps nobody else out with it. */
function assertWritable(path: string): void {
  for (const name of FILES) {
    const file = join(path, name);
    try {
      accessSync(file, constants.R_OK | constants.W_OK);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") continue;
      const sentence = `${file} isn't writable for this user. Make the bot's user the owner of the files in DATA_DIR.`;
      throw new CannotStart("configuration", sentence, { cause: error });
    }
  }
}

function takeLock(path: string): DatabaseSync {
  const file = join(path, "lock.db");
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(file, { timeout: 0 });
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;");
    return lock;
  } catch (error) {
    lock?.close();
    if (["SQLITE_BUSY", "SQLITE_LOCKED"].includes(sqliteCodeOf(error) ?? "")) {
      const sentence = `${path} is in use by another process: a data directory belongs to one bot or worker. Stop the other one, or give this one its own DATA_DIR. To run several bots for one App, also set DATABASE_URL.`;
      throw new CannotStart("outage", sentence, { cause: error });
    }
    throw fileProblem(file, "locked", error);
  }
}

/** Why a directory can't be used, by the operating system's code. */
const DIRECTORY_PROBLEMS: Readonly<Record<string, string>> = {
  EEXIST: "isn't a directory. Set DATA_DIR to a directory",
  ENOTDIR: "isn't inside a directory. Set DATA_DIR to a directory",
  EACCES:
    "isn't writable for this user. Make the user its owner, or set DATA_DIR to another directory",
  EPERM:
    "isn't writable for this user. Make the user its owner, or set DATA_DIR to another directory",
  ENOENT: "can't be made there. Set DATA_DIR to another directory",
  EROFS: "is on a read-only file system. Set DATA_DIR to a writable directory",
};
const NO_SPACE = new Set(["ENOSPC", "EDQUOT"]);

function directoryProblem(path: string, error: unknown): CannotStart {
  const code = error instanceof Error && "code" in error ? String(error.code) : messageOf(error);
  if (NO_SPACE.has(code)) {
    return new CannotStart("outage", `The disk of DATA_DIR (${path}) is full. Free up space.`, {
      cause: error,
    });
  }
  const why =
    DIRECTORY_PROBLEMS[code] ?? `can't be used (${code}). Set DATA_DIR to another directory`;
  return new CannotStart("configuration", `DATA_DIR (${path}) ${why}.`, { cause: error });
}

/** What helps when a file in DATA_DIR can't be used, by SQLite's code. */
const FILE_FIXES: Readonly<Record<string, readonly ["configuration" | "outage", string]>> = {
  SQLITE_FULL: ["outage", "Free space on the disk of DATA_DIR"],
  SQLITE_IOERR: ["outage", "Check the disk of DATA_DIR: it may be full or broken"],
  SQLITE_BUSY: ["outage", "Stop the other process that locks it"],
  SQLITE_LOCKED: ["outage", "Stop the other process that locks it"],
  SQLITE_READONLY: ["configuration", "Make the bot's user the owner of the files in DATA_DIR"],
  SQLITE_CANTOPEN: ["configuration", "Make the bot's user the owner of the files in DATA_DIR"],
  SQLITE_PERM: ["configuration", "Make the bot's user the owner of the files in DATA_DIR"],
  SQLITE_NOTADB: [
    "configuration",
    "Restore it from a backup, or set DATA_DIR to another directory",
  ],
  SQLITE_CORRUPT: [
    "configuration",
    "Restore it from a backup, or set DATA_DIR to another directory",
  ],
};

/** What keeps the bot from a file in its directory of data, with the fix. */
export function fileProblem(file: string, verb: "locked" | "opened", error: unknown): CannotStart {
  const code = sqliteCodeOf(error) ?? sqliteCodeOf(error instanceof Error ? error.cause : null);
  const [reason, fix] = FILE_FIXES[code ?? ""] ?? ["configuration", "Check DATA_DIR"];
  const sentence = `${file} can't be ${verb}: ${messageOf(error)}. ${fix}.`;
  return new CannotStart(reason, sentence, { cause: error });
}
