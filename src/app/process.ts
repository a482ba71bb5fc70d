import { join } from "node:path";
import type { DataDirectory } from "../store/directory.ts";
import { lockDataDirectory, makeDirectory } from "../store/directory.ts";
import { tighten } from "../store/private-files.ts";
import type { Backend } from "./backend.ts";
import { createBackend } from "./backends.ts";
import type { AppOptions } from "./options.ts";
import type { Log } from "../ports/log.ts";
import { UNTRACED } from "./tracing.ts";

/** What this process alone has: its directory, locked, and what runs the sessions. */
export interface BotProcess {
  readonly directory: DataDirectory;
  readonly backend: Backend;
  /** Stops what runs the sessions, and unlocks the directory. */
  close(): Promise<void>;
}

type ProcessOptions = Pick<AppOptions, "environment" | "variables" | "tracing"> & {
  readonly log: Log;
};

/**
 * Locks the directory of data, and has start what runs the sessions.
 *
 * @throws CannotStart when the directory can't be written, another process has it, or there's nothing to start
 */
export function startProcess({
  environment,
  variables,
  log,
  tracing = UNTRACED,
}: ProcessOptions): BotProcess {
  const dataDirectory = lockDataDirectory(environment.DATA_DIR);
  try {
    const directory = join(dataDirectory.path, "copilot");
    makeDirectory(directory);
    keepPrivate(dataDirectory.path, log);
    const backend = createBackend({ environment, variables, directory, log, tracing });
    backend.start();
    return {
      directory: dataDirectory,
      backend,
      async close() {
        backend.retire();
        try {
          await backend.stop();
        } finally {
          dataDirectory.release();
        }
      },
    };
  } catch (error) {
    dataDirectory.release();
    throw error;
  }
}

/** What earlier versions, or another umask, have let other accounts read. */
function keepPrivate(directory: string, log: Log): void {
  const { fixed, open } = tighten(directory);
  if (fixed.length > 0)
    log.warn({ paths: fixed }, "other users could read this: their access was removed");
  if (open.length > 0) log.warn({ paths: open }, "other users can read this: remove their access");
}
