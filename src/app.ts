import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Logger } from "pino";
import type { Environment } from "./config/environment.ts";
import { restBaseUrl, webOrigin } from "./config/environment.ts";
import { EVENT_NAMES } from "./core/event.ts";
import { canCreateCloudSessions, createClient } from "./copilot/client.ts";
import { createCopilot } from "./copilot/copilot.ts";
import type { Runtime } from "./copilot/runtime.ts";
import { createRuntime } from "./copilot/runtime.ts";
import type { GitHubConnection } from "./github/connection.ts";
import { connectToGitHub } from "./github/connection.ts";
import { diagnose } from "./github/diagnosis.ts";
import type { HttpServer } from "./http/server.ts";
import { serve } from "./http/server.ts";
import { createWebhookRoute } from "./http/webhook.ts";
import type { Queue } from "./queue/in-process.ts";
import { createInProcessQueue } from "./queue/in-process.ts";
import type { Ports } from "./runner/ports.ts";
import { startRecovery } from "./runner/recovery.ts";
import { createRunner } from "./runner/runner.ts";
import { migrate } from "./store/migrations.ts";
import { createRecoveryStore } from "./store/recovery.ts";
import { openSqlite } from "./store/sqlite.ts";
import type { TaskStore } from "./store/tasks.ts";
import { createTaskStore } from "./store/tasks.ts";

/** How long the parts wait for what may come late, in milliseconds. */
export interface Waits {
  /** For the session to tell its link, before the documented one is posted. */
  readonly linkGraceMs: number;
  /** For the session to tell its link after the documented one was posted. */
  readonly linkWatchMs: number;
  /** Before a task is looked at again that somebody else moves, or whose repository is busy. */
  readonly busyMs: number;
  /** Between two renewals of a claim. */
  readonly renewMs: number;
  /** Before the thread is tried again, when GitHub is away. */
  readonly reportAgainMs: number;
  /** Before the bot tries again by itself for the first time; later it waits longer. */
  readonly firstRetryMs: number;
  /** For a prompt to be seen to have arrived: longer than the runtime goes on repeating it (155 s). */
  readonly deliveryMs: number;
  /** For the prompt to arrive, before the comment says that it is not there yet. */
  readonly promptNoticeMs: number;
  /** For an agent to start after all, from the creation of the session on. */
  readonly lateStartMs: number;
  /** Between two looks for webhooks that GitHub could not deliver. */
  readonly recoverEveryMs: number;
  /** Between two requests for a delivery: GitHub wants a second between writes. */
  readonly recoverPauseMs: number;
  /** For running steps, when the bot is stopped. */
  readonly shutdownMs: number;
}

const WAITS: Waits = {
  linkGraceMs: 5_000,
  linkWatchMs: 600_000,
  busyMs: 1_000,
  renewMs: 4_000,
  reportAgainMs: 30_000,
  firstRetryMs: 5_000,
  deliveryMs: 170_000,
  promptNoticeMs: 20_000,
  lateStartMs: 600_000,
  recoverEveryMs: 300_000,
  recoverPauseMs: 1_000,
  shutdownMs: 20_000,
};

/** What a bot is started with. */
export interface Surroundings {
  readonly environment: Environment;
  /** Of these the Copilot runtime gets what is on its allow-list. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly waits?: Partial<Waits>;
  /** False only against a loopback GitHub, where GitHub's pacing rules do not hold. */
  readonly throttled?: boolean;
}

/** A bot at work. */
export interface App {
  readonly url: string;
  /** Takes no more webhooks, lets running steps finish, and lets go of everything. */
  stop(): Promise<void>;
}

/** Builds the parts, lets them know each other, and starts them. Rejects when one cannot start. */
export async function startApp(surroundings: Surroundings): Promise<App> {
  const { environment, log } = surroundings;
  const waits = { ...WAITS, ...surroundings.waits };
  const directory = resolve(environment.DATA_DIR);
  mkdirSync(join(directory, "copilot"), { recursive: true, mode: 0o700 });
  const database = openSqlite(join(directory, "tasks.db"));
  await migrate(database);
  const tasks = createTaskStore(database, {
    now: () => new Date(),
    newId: () => randomUUID(),
    mostStartsPerRepository: environment.MAX_TASKS_PER_REPOSITORY,
  });
  // The lock on the directory tells that whoever held these claims is gone.
  await tasks.releaseAll();
  const github = await connect(surroundings);
  const runtime = prepareRuntime(surroundings, join(directory, "copilot"));
  const lookAgain = (taskId: string) => queue.look(taskId);
  const ports = createPorts({ surroundings, waits, tasks, github, runtime, lookAgain });
  const runner = createRunner(ports, webOrigin(environment), waits);
  const maxConcurrentStarts = environment.MAX_CONCURRENT_STARTS;
  const queue = createInProcessQueue({ work: runner, maxConcurrentStarts, log });
  const server = await listen({ surroundings, tasks, github, runtime, queue });
  log.info({ url: server.url }, "listening");
  const recovery = startRecovery(
    { deliveries: github.deliveries, store: createRecoveryStore(database), log },
    EVENT_NAMES,
    { everyMs: waits.recoverEveryMs, pauseMs: waits.recoverPauseMs },
  );
  runtime.running().catch((err: unknown) => log.error({ err }, "Copilot runtime does not start"));
  for (const taskId of await tasks.waiting()) queue.look(taskId);
  return {
    url: server.url,
    async stop() {
      await server.close();
      await recovery.stop();
      const { unfinished } = await queue.stop(waits.shutdownMs);
      if (unfinished > 0) log.warn({ unfinished }, "stopped in the middle of tasks");
      await runner.stop();
      await runtime.stop();
      await database.destroy();
      log.info({}, "stopped");
    },
  };
}

function connect({ environment, log, throttled = true }: Surroundings): Promise<GitHubConnection> {
  const { APP_ID, PRIVATE_KEY, WEBHOOK_SECRET } = environment;
  const identity = { appId: APP_ID, privateKey: PRIVATE_KEY, webhookSecret: WEBHOOK_SECRET };
  return connectToGitHub({ ...identity, baseUrl: restBaseUrl(environment), throttled }, log);
}

function prepareRuntime({ variables, log }: Surroundings, directory: string): Runtime {
  return createRuntime({
    create: () => createClient({ directory, variables }),
    probe: canCreateCloudSessions,
    log,
  });
}

interface Parts {
  readonly surroundings: Surroundings;
  readonly tasks: TaskStore;
  readonly github: GitHubConnection;
  readonly runtime: Runtime;
}

type Wiring = Parts & { readonly waits: Waits } & Pick<Ports, "lookAgain">;

function createPorts(wiring: Wiring): Ports {
  const { surroundings, waits, tasks, github, runtime, lookAgain } = wiring;
  const { environment, log } = surroundings;
  const startMs = environment.SESSION_START_TIMEOUT_SECONDS * 1_000;
  return {
    tasks,
    github,
    log,
    lookAgain,
    copilot: createCopilot(runtime, { ...waits, startMs }),
    identities: {
      // One account for everybody: the requester's own comes with user authorisation.
      identityFor: () => Promise.resolve({ token: environment.COPILOT_GITHUB_TOKEN }),
      diagnose: (request) => diagnose(request, restBaseUrl(environment)),
    },
    now: () => new Date(),
    chance: () => Math.random(),
    nonce: () => randomBytes(16).toString("hex"),
    digest: (text) => createHash("sha256").update(text).digest("hex"),
  };
}

function listen(parts: Parts & { readonly queue: Queue }): Promise<HttpServer> {
  const { surroundings, tasks, github, runtime, queue } = parts;
  const { environment, log } = surroundings;
  const webhook = createWebhookRoute({
    webhooks: github.app.webhooks,
    appId: github.app.appId,
    insert: (trigger) => tasks.insert(trigger),
    look: (taskId) => queue.look(taskId),
    log,
  });
  const readiness = async () => ({
    store: await tasks.ping().then(
      () => "ok" as const,
      () => "unavailable" as const,
    ),
    runtime: runtime.status(),
  });
  return serve({ host: environment.HOST, port: environment.PORT, webhook, readiness, log });
}
