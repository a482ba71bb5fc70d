import { hostname } from "node:os";
import type { SelfHosting } from "../core/policy/self-hosting.ts";
import type { Task } from "../core/task/task.ts";
import { machineOfWorker } from "../core/worker/machine.ts";
import type { Machines } from "../ports/machines.ts";
import type { Measure } from "../ports/metrics.ts";
import type { SessionHost } from "../ports/session-host.ts";
import type { TaskStore } from "../ports/tasks.ts";
import type { Timeouts } from "../ports/timeouts.ts";
import type { Rounds } from "../runner/lease/rounds.ts";
import { startRounds } from "../runner/lease/rounds.ts";
import { withTimedOpenings } from "./measured.ts";
import type { AppOptions } from "./options.ts";
import type { Storage } from "./storage.ts";
import { traceHost } from "./traced-host.ts";
import { UNTRACED } from "./tracing.ts";

/** What runs sessions on the administrator's machines, and what is done for that every so often. */
export interface OwnMachines {
  readonly host: SessionHost;
  readonly machines: Machines["machines"];
  readonly sweeps: readonly Rounds[];
  /** Ends the sessions of this machine, which can be reached again after a start, and leaves the others alone. */
  close(): Promise<void>;
}

const SWEEP_EVERY_MS = 600_000;

/** What it takes from the bot. */
interface OwnMachinesOptions {
  readonly options: AppOptions;
  readonly timeouts: Timeouts;
  readonly storage: { readonly tasks: Pick<TaskStore, "get"> };
  /** The bot's `DATA_DIR`. */
  readonly directory: string;
  /** Aborted when the bot begins to stop. */
  readonly stopping: AbortSignal;
  readonly measure: Measure | undefined;
}

/** These machines, and what they have to do; until they're loaded, there are none. */
export function machinesOf(
  { hostedTasks }: Pick<Storage, "hostedTasks">,
  own: () => OwnMachines | null,
): Machines {
  return { machines: async () => own()?.machines() ?? [], hostedTasks };
}

/** Where that's off, nothing of it is loaded. */
export async function loadOwnMachines(parts: OwnMachinesOptions): Promise<OwnMachines | null> {
  const { selfHosting, DATABASE_URL: url } = parts.options.environment;
  if (selfHosting === null) return null;
  if (url !== undefined) return joinMachines(parts, selfHosting, url);
  const { host, sweeps } = await prepareThisMachine(parts, selfHosting);
  const startedAt = performance.now();
  const { labels, sessions: places } = selfHosting;
  const machines = () => {
    const sinceMs = performance.now() - startedAt;
    const state = { taken: host.count(), isThere: true, hasOtherVersion: false, sinceMs };
    return Promise.resolve([{ name: hostname(), labels, places, ...state }]);
  };
  return { host: watched(host, parts), machines, sweeps, close: () => Promise.resolve() };
}

function watched(host: SessionHost, { options, measure }: OwnMachinesOptions): SessionHost {
  return traceHost(withTimedOpenings(host, measure), options.tracing ?? UNTRACED);
}

/** This machine, and a worker on it that any replica reaches: it's one of all workers. */
async function joinMachines(
  parts: OwnMachinesOptions,
  selfHosting: SelfHosting,
  url: string,
): Promise<OwnMachines> {
  const { options, directory, stopping } = parts;
  const { log, tracing = UNTRACED } = options;
  const { openHostingDatabase } = await import("./hosting-database.ts");
  const { openRemoteHost } = await import("../worker/remote-host.ts");
  const { startOwnWorker } = await import("./own-worker.ts");
  const database = await openHostingDatabase(url, log);
  const host = await openRemoteHost({ ...database, log, stopping });
  const here = selfHosting.sessions === 0 ? null : await prepareThisMachine(parts, selfHosting);
  const onReplaced = () =>
    log.error({}, "another process has this machine's identity (worker-id in DATA_DIR)");
  const own = { database, selfHosting, name: hostname(), directory, tracing, log, onReplaced };
  const worker = here === null ? null : await startOwnWorker({ ...own, host: here.host });
  return {
    host: watched(host, parts),
    machines: async () => (await database.workers.all()).map(machineOfWorker),
    sweeps: here?.sweeps ?? [],
    async close() {
      await host.close();
      await worker?.stop();
      await database.close();
    },
  };
}

async function prepareThisMachine(
  { options, timeouts, directory, storage: { tasks } }: OwnMachinesOptions,
  selfHosting: SelfHosting,
) {
  const { environment, variables, log, tracing = UNTRACED } = options;
  const { prepareHosting } = await import("./hosting.ts");
  const name = hostname();
  const { host } = await prepareHosting({
    selfHosting,
    environment,
    variables,
    timeouts,
    directory,
    name,
    tracing,
    log,
  });
  const sweep = { everyMs: SWEEP_EVERY_MS, log, name: "files of old sessions" };
  const isKept = async (taskId: string) => isTaskKept(await tasks.get(taskId));
  return { host, sweeps: [startRounds(() => host.sweep(isKept), sweep)] };
}

/** Of a task that was erased, nothing is left but what makes its webhook known. */
function isTaskKept(task: Task | null): boolean {
  return task !== null && (task.settledAt === null || task.session.id !== null);
}
