import type { WorkerEnvironment } from "../config/worker.ts";
import { CannotStart } from "../core/error/cannot-start.ts";
import type { Log } from "../ports/log.ts";
import { startRounds } from "../runner/lease/rounds.ts";
import { lockDataDirectory } from "../store/directory.ts";
import { prepareHosting } from "./hosting.ts";
import { openHostingDatabase } from "./hosting-database.ts";
import { startOwnWorker } from "./own-worker.ts";
import { timeoutsFrom } from "./timeouts.ts";
import type { BotTracing } from "./tracing.ts";
import { UNTRACED } from "./tracing.ts";

interface WorkerOptions {
  readonly environment: WorkerEnvironment;
  /** With the addresses of Copilot, where they aren't the usual ones. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** None, unless given. */
  readonly tracing?: BotTracing;
  /** Another process has this worker's identity: this one must end. */
  readonly onReplaced: () => void;
}

const SWEEP_EVERY_MS = 600_000;
/** What of these a worker doesn't need. */
const NOT_FOLLOWING = { GITHUB_RETRY_HOURS: 1, FOLLOW_MINUTES: 1, IDLE_MINUTES: 1 };

/**
 * Has this machine run sessions for the bot that uses the same database.
 *
 * @throws CannotStart when it can't
 * @returns ends it
 */
export async function startWorkerMachine(options: WorkerOptions): Promise<() => Promise<void>> {
  const { environment, variables, log, tracing = UNTRACED, onReplaced } = options;
  const { selfHosting, WORKER_NAME: name } = environment;
  const directory = lockDataDirectory(environment.DATA_DIR);
  try {
    const timeouts = timeoutsFrom({ ...environment, ...NOT_FOLLOWING });
    const hosting = { selfHosting, environment, variables, timeouts, name, tracing, log };
    const { host, isolation } = await prepareHosting({ ...hosting, directory: directory.path });
    const state = await isolation.check();
    // What it took would fail, and other machines could run it.
    if (!state.available) throw new CannotStart("configuration", `${state.found} ${state.cure}`);
    const { examinePrograms } = await import("../doctor/programs.ts");
    const programs = await examinePrograms(selfHosting);
    if (programs.level === "failed")
      throw new CannotStart("configuration", `${programs.found} ${programs.cure}`);
    const database = await openHostingDatabase(environment.DATABASE_URL, log);
    const own = { database, host, selfHosting, name, tracing, log, onReplaced };
    const worker = await startOwnWorker({ ...own, directory: directory.path });
    const sweep = { everyMs: SWEEP_EVERY_MS, log, name: "files of old sessions" };
    const sweeps = startRounds(() => host.sweep(), sweep);
    return async () => {
      await sweeps.stop();
      await worker.stop();
      await database.close();
      directory.release();
      await tracing.close();
    };
  } catch (error) {
    directory.release();
    throw error;
  }
}
