import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The directory of data of this process, locked until it is released or the process ends. */
export interface DataDirectory {
  readonly path: string;
  release(): void;
}

/** A lock that nothing refers to would be collected as garbage, closed, and so given up. */
const held = new Set<DatabaseSync>();

/**
 * Takes the directory for this process alone. The lock is the operating system's, on a file beside the
 * data, so that it goes with the process, and a backup can still read the data.
 *
 * @throws Error with a sentence for the administrator, when another process has the directory
 */
export function lockDataDirectory(dataDir: string): DataDirectory {
  const path = resolve(dataDir);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(path, "lock.db"), { timeout: 0 });
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;");
  } catch (error) {
    lock.close();
    const message = error instanceof Error ? error.message : String(error);
    if (!message.includes("locked")) {
      const file = join(path, "lock.db");
      throw new Error(`${file} cannot be locked: ${message}`, { cause: error });
    }
    throw new Error(
      `${path} is in use by another process: a directory of data belongs to one bot. Stop the other one, give this one a DATA_DIR of its own, or set DATABASE_URL to run several.`,
      { cause: error },
    );
  }
  held.add(lock);
  return {
    path,
    release() {
      held.delete(lock);
      lock.close();
    },
  };
}
