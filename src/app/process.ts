import { existsSync } from "node:fs";
import { join } from "node:path";
import { chosenProgram, sdkVersion } from "../copilot/program.ts";
import type { Runtimes } from "../copilot/runtimes.ts";
import { createRuntimes } from "../copilot/runtimes.ts";
import { CannotStart } from "../core/error/cannot-start.ts";
import type { DataDirectory } from "../store/directory.ts";
import { lockDataDirectory, makeDirectory } from "../store/directory.ts";
import { tighten } from "../store/private-files.ts";
import type { AppOptions } from "./options.ts";
import type { Log } from "../ports/log.ts";

/** What this process alone has: its directory, locked, and the Copilot runtime. */
export interface BotProcess {
  readonly directory: DataDirectory;
  /** On its way: it takes longer to start than all else. */
  readonly runtime: Runtimes;
  /** Stops the runtime, and unlocks the directory. */
  close(): Promise<void>;
}

type ProcessOptions = Pick<AppOptions, "environment" | "variables"> & { readonly log: Log };

/**
 * Locks the directory of data, and has the Copilot runtime start.
 *
 * @throws CannotStart when the directory can't be written, another process has it, or there's no runtime to start
 */
export function startProcess({ environment, variables, log }: ProcessOptions): BotProcess {
  const program = programOf(environment);
  const dataDirectory = lockDataDirectory(environment.DATA_DIR);
  const directory = join(dataDirectory.path, "copilot");
  makeDirectory(directory);
  keepPrivate(dataDirectory.path, log);
  const runtime = createRuntimes({
    directory,
    variables: { ...variables, ...environment },
    program,
    limits: {
      maxRuntimes: environment.MAX_RUNTIMES,
      idleMs: environment.RUNTIME_IDLE_MINUTES * 60_000,
    },
    log,
  });
  void checkRuntime(runtime, program, log);
  return {
    directory: dataDirectory,
    runtime,
    async close() {
      runtime.retire();
      try {
        await runtime.stop();
      } finally {
        dataDirectory.release();
      }
    },
  };
}

/** Has the runtime start. What doesn't work is an error in the log, with its fix. */
async function checkRuntime(runtime: Runtimes, program: string | undefined, log: Log) {
  try {
    await runtime.running();
    const { cloudSessions, version } = runtime.status();
    if (cloudSessions !== false) return;
    log.error(
      { runtime: version, sdk: sdkVersion(), program },
      "Copilot runtime can't create cloud sessions with this SDK: set COPILOT_RUNTIME=bundled, or run npm ci",
    );
  } catch (err) {
    if (runtime.status().state !== "unavailable") return;
    log.error({ err }, "Copilot runtime doesn't start");
  }
}

function programOf({ COPILOT_RUNTIME: choice }: AppOptions["environment"]): string | undefined {
  const program = chosenProgram(choice);
  if (program === undefined || existsSync(program)) return program;
  throw new CannotStart(
    "configuration",
    `COPILOT_RUNTIME: there's no program at ${program}. Install it there, or remove the setting: the bundled runtime is used then.`,
  );
}

/** What earlier versions, or another umask, have let other accounts read. */
function keepPrivate(directory: string, log: Log): void {
  const { fixed, open } = tighten(directory);
  if (fixed.length > 0)
    log.warn({ paths: fixed }, "other users could read this: their access was removed");
  if (open.length > 0) log.warn({ paths: open }, "other users can read this: remove their access");
}
