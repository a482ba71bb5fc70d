import { restBaseUrl } from "../config/environment.ts";
import type { HttpServer } from "../http/listening.ts";
import type { PagesListener } from "../http/server.ts";
import type { AppSlug } from "../ports/github.ts";
import type { PageCommands } from "../ports/page-commands.ts";
import type { ConnectingNeeds, ConnectingParts } from "./connecting.ts";
import type { MetricsParts } from "./metrics.ts";
import type { Queue } from "../ports/queue.ts";
import type { Timeouts } from "../ports/timeouts.ts";
import type { Rounds } from "../runner/lease/rounds.ts";
import type { Runner } from "../runner/runner.ts";
import { servePublicly } from "./public-server.ts";
import type { AppOptions, AppParts } from "./options.ts";
import type { BotProcess } from "./process.ts";
import { startProcess } from "./process.ts";
import type { Watched } from "./labelings.ts";
import { watchPolicies } from "./labelings.ts";
import { createCredentials } from "./credentials.ts";
import type { OwnMachines } from "./own-machines.ts";
import { loadOwnMachines, machinesOf } from "./own-machines.ts";
import type { Storage } from "./storage.ts";
import { openStorage } from "./storage.ts";
import { startSweeps } from "./sweeps.ts";
import { timeoutsFrom } from "./timeouts.ts";
import { UNTRACED } from "./tracing.ts";

/** A bot at work. */
export interface App {
  readonly url: string;
  /** What the buttons of the pages do; null where there are no pages. */
  readonly pageCommands: PageCommands | null;
  /** Where metrics are served; null where they aren't. */
  readonly metricsUrl: string | null;
  /** Takes no more webhooks, lets running steps finish, and closes everything. */
  stop(): Promise<void>;
}

/** Starts a bot. Rejects when a part of it cannot start, and closes the process's own parts. */
export async function startApp(
  options: AppOptions,
  botProcess: BotProcess = startProcess(options),
): Promise<App> {
  try {
    return await start(options, botProcess);
  } catch (error) {
    await botProcess.close();
    throw error;
  }
}

/** Who moves tasks, once it is there. */
interface Workers {
  readonly queue: Queue;
  readonly runner: Runner;
}

/** They're asked by whoever can't wait for them, and do it once they're there. */
function expectWorkers() {
  const { promise, resolve } = Promise.withResolvers<Workers>();
  const processTask: Queue["process"] = (taskId, origin) =>
    void promise.then(({ queue }) => queue.process(taskId, origin));
  return {
    resolve,
    runner: promise.then(({ runner }) => runner),
    processTask,
    nudge: (taskId: string) => void promise.then(({ runner }) => runner.nudge(taskId)),
  };
}

/** Opens the storage, listens, connects to GitHub, and lets the runner work: in this order. */
async function start(options: AppOptions, { directory, backend }: BotProcess): Promise<App> {
  const { environment, log, tracing = UNTRACED } = options;
  const timeouts = timeoutsFrom(environment, options.timeouts);
  const stopping = new AbortController();
  const workers = expectWorkers();
  const { processTask, nudge } = workers;
  const processNewTask = environment.DATABASE_URL === undefined ? processTask : () => {};

  const metrics = await loadMetrics(options);
  const storage = tracing.traceStores(await openStorage(environment, directory.path, log, metrics));
  const connecting = Promise.withResolvers<ConnectingParts | null>();
  const pages: PagesListener = async (request, response) =>
    (await connecting.promise)?.pages(request, response);
  const revoked = revocation(storage, connecting.promise);
  let slug: AppSlug | null = null;
  const knownSlug = () => slug?.known() ?? null;
  const credentials = createCredentials();
  let own: OwnMachines | null = null;
  const machines = machinesOf(storage, () => own);
  const measure = metrics?.measure;
  const common = { options, storage, credentials, measure, processTask, processNewTask };
  const server = await servePublicly({ ...common, backend, nudge, revoked, pages, knownSlug });
  const servers: HttpServer[] = [server];
  try {
    const read = { storage, machines, backend, server, runner: workers.runner };
    const metricsServer = (await metrics?.listen(read)) ?? null;
    if (metricsServer !== null) servers.push(metricsServer);
    // What a webhook asks for is taken before there is anybody to do it: that is two thirds of the bot's code.
    const { github, sightings } = await connect(options, timeouts, measure);
    // Asked meanwhile: nothing waits for it.
    credentials.watch("APP_ID, PRIVATE_KEY", () => github.slug.isAccepted());
    const shared = { ...common, machines, timeouts, stopping: stopping.signal };
    const connects = await prepareConnecting({ ...shared, backend, github });
    connecting.resolve(connects);
    const { connections = null, sessions: webSessions = null } = connects ?? {};
    ({ slug } = github);
    own = await loadOwnMachines({ ...shared, directory: directory.path });
    const host = own?.host ?? null;
    const parts: AppParts = { ...shared, backend, host, github, connections, webSessions };
    const { wireRunner } = await import("./wiring.ts");
    const runner = await wireRunner(parts);
    const queue = await storage.startQueue(runner);
    workers.resolve({ queue, runner });
    const sweeps = [...startSweeps(parts, { ...runner, sightings }), ...(own?.sweeps ?? [])];
    return {
      url: server.url,
      pageCommands: connects?.pageCommands ?? null,
      metricsUrl: metricsServer?.url ?? null,
      async stop() {
        stopping.abort();
        await stop({ parts, server, metricsServer, queue, runner, sweeps, own });
        directory.release();
        await tracing.close();
        log.info({}, "stopped");
      },
    };
  } catch (error) {
    await Promise.all(servers.map((one) => one.close()));
    await storage.close();
    throw error;
  }
}

/** What happens when GitHub reports that a person has revoked the App. */
function revocation(storage: Storage, connecting: Promise<ConnectingParts | null>) {
  return async (userId: number): Promise<boolean> => {
    const parts = await connecting;
    if (parts !== null) return parts.connections.revoked(userId);
    await storage.webSessionRows.removeAllOf(userId);
    return (await storage.connectionRows.remove(userId)) !== null;
  };
}

interface Running extends Workers {
  readonly parts: Pick<AppParts, "storage" | "backend" | "timeouts">;
  readonly server: HttpServer;
  readonly metricsServer: HttpServer | null;
  readonly sweeps: readonly Rounds[];
  readonly own: OwnMachines | null;
}

/** Takes no more webhooks, lets running steps finish, and closes everything, the storage last. */
async function stop({ parts, server, metricsServer, queue, runner, sweeps, own }: Running) {
  const { storage, backend, timeouts } = parts;
  backend.retire();
  const endings = sweeps.map((sweep) => sweep.stop());
  await Promise.all([server.close(), queue.stop(timeouts.shutdownMs), ...endings]);
  await runner.stop();
  await own?.close();
  await metricsServer?.close();
  await backend.stop();
  await storage.close();
}

/** What counts and serves metrics is loaded only where somebody reads them. */
async function loadMetrics(options: AppOptions): Promise<MetricsParts | undefined> {
  const { METRICS_PORT: port } = options.environment;
  if (port === undefined) return undefined;
  const { prepareMetrics } = await import("./metrics.ts");
  return prepareMetrics(options, port);
}

/** What serves people's pages is loaded only where they can connect their Copilot. */
async function prepareConnecting(parts: ConnectingNeeds): Promise<ConnectingParts | null> {
  if (parts.options.environment.connecting === null) return null;
  const { createConnecting } = await import("./connecting.ts");
  return createConnecting(parts);
}

async function connect(
  { environment, log, throttled = true, tracing }: AppOptions,
  { requestMs, requestAgainMs }: Timeouts,
  measure: AppParts["measure"],
): Promise<Watched> {
  const { connectToGitHub } = await import("../github/connection.ts");
  const { APP_ID: appId, PRIVATE_KEY: privateKey } = environment;
  const identity = { appId, privateKey, baseUrl: restBaseUrl(environment) };
  const settings = { throttled, requestMs, requestAgainMs, measure, tracing };
  return watchPolicies(await connectToGitHub({ ...identity, ...settings }, log));
}
