import { createHash, randomBytes } from "node:crypto";
import { flushCompileCache } from "node:module";
import type { Logger } from "pino";
import type { Environment } from "./config/environment.ts";
import { restBaseUrl, webOrigin } from "./config/environment.ts";
import { createCopilot } from "./copilot/copilot.ts";
import type { Runtime } from "./copilot/runtime.ts";
import { CLOSING_EVENT_NAMES } from "./core/closing.ts";
import { EVENT_NAMES } from "./core/event.ts";
import { LIFE_EVENT_NAMES } from "./core/life.ts";
import type { Foundation } from "./foundation.ts";
import { layFoundation } from "./foundation.ts";
import type { GitHubConnection } from "./github/connection.ts";
import { connectToGitHub } from "./github/connection.ts";
import { diagnose } from "./github/diagnosis.ts";
import type { HttpServer } from "./http/server.ts";
import { serve } from "./http/server.ts";
import { createWebhookRoute } from "./http/webhook.ts";
import type { Queue } from "./queue/queue.ts";
import { createLateRunner } from "./runner/late.ts";
import type { Ports } from "./runner/ports.ts";
import { recoverDeliveries } from "./runner/recovery.ts";
import type { Rounds } from "./runner/rounds.ts";
import { startRounds } from "./runner/rounds.ts";
import type { Runner } from "./runner/runner.ts";
import type { Storage } from "./storage.ts";
import { openStorage } from "./storage.ts";

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
  /** Between two edits of one comment while its session is followed. */
  readonly editEveryMs: number;
  /** Between two looks for what people have told sessions through another replica. */
  readonly ordersEveryMs: number;
  /** For following sessions, where it is not `FOLLOW_MINUTES`. */
  readonly followMs?: number;
  /** For idle sessions, where it is not `IDLE_MINUTES`. */
  readonly idleMs?: number;
  /** Before a task that nobody moves is looked at again, whatever became of its place in the queue. */
  readonly forgottenMs: number;
  /** For running steps, when the bot is stopped. */
  readonly shutdownMs: number;
}

const WAITS: Waits = {
  linkGraceMs: 5_000,
  linkWatchMs: 600_000,
  busyMs: 1_000,
  renewMs: 3_000,
  reportAgainMs: 30_000,
  firstRetryMs: 5_000,
  deliveryMs: 170_000,
  promptNoticeMs: 20_000,
  lateStartMs: 180_000,
  recoverEveryMs: 300_000,
  recoverPauseMs: 1_000,
  editEveryMs: 15_000,
  ordersEveryMs: 5_000,
  forgottenMs: 60_000,
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

/**
 * Builds the parts, lets them know each other, and starts them. Rejects when one cannot start, and lets
 * go of the foundation.
 */
export async function startApp(
  surroundings: Surroundings,
  foundation: Foundation = layFoundation(surroundings),
): Promise<App> {
  try {
    return await build(surroundings, foundation);
  } catch (error) {
    foundation.runtime.retire();
    await foundation.runtime.stop();
    foundation.directory.release();
    throw error;
  }
}

async function build(surroundings: Surroundings, { directory, runtime }: Foundation): Promise<App> {
  const { environment, log } = surroundings;
  const waits = { ...WAITS, ...surroundings.waits };
  const storage = await openStorage(environment, directory.path, log);
  const github = await connect(surroundings);
  const { promise: queueing, resolve: setQueue } = Promise.withResolvers<Queue>();
  const stopping = new AbortController();
  const look = (taskId: string) => void queueing.then((queue) => queue.look(taskId));
  const parts = { surroundings, storage, github, runtime, look, stopping: stopping.signal };
  const runner = prepareRunner(parts, waits);
  const server = await listen(parts, runner);
  log.info({ url: server.url }, "listening");
  const queue = await storage.startQueue(runner);
  setQueue(queue);
  const rounds = [
    ...startAllRounds(parts, waits),
    startRounds(() => runner.lookForOrders(), {
      everyMs: waits.ordersEveryMs,
      log,
      name: "orders",
    }),
  ];
  return {
    url: server.url,
    async stop() {
      stopping.abort();
      runtime.retire();
      const endings = rounds.map((round) => round.stop());
      await Promise.all([server.close(), queue.stop(waits.shutdownMs), ...endings]);
      await runner.stop();
      await runtime.stop();
      await storage.close();
      directory.release();
      log.info({}, "stopped");
    },
  };
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** For following a session that somebody writes to, where sessions are not followed otherwise. */
const ANSWER_MS = 10 * MINUTE_MS;

function following({ FOLLOW_MINUTES, IDLE_MINUTES, MAX_ATTACHED_SESSIONS }: Environment) {
  const followMs = FOLLOW_MINUTES * MINUTE_MS;
  return {
    followMs,
    followAgainMs: Math.max(followMs, ANSWER_MS),
    idleMs: IDLE_MINUTES * MINUTE_MS,
    mostFollowed: MAX_ATTACHED_SESSIONS,
  };
}

function daysAgo(days: number): Date {
  return new Date(Date.now() - days * DAY_MS);
}

/** What is done again and again beside the tasks. */
function startAllRounds({ surroundings, storage, github, look }: Parts, waits: Waits): Rounds[] {
  const { environment, log } = surroundings;
  const { tasks, recovery, installations } = storage;
  const recoveryPorts = {
    deliveries: github.deliveries,
    store: recovery,
    log,
    events: [...EVENT_NAMES, ...LIFE_EVENT_NAMES, ...CLOSING_EVENT_NAMES],
    pauseMs: waits.recoverPauseMs,
  };
  return [
    startRounds((signal) => recoverDeliveries(recoveryPorts, signal), {
      everyMs: waits.recoverEveryMs,
      log,
      name: "recovery of deliveries",
    }),
    // Whatever became of its place in the queue, a task that nobody moves is looked at again.
    startRounds(async () => (await tasks.waiting(waits.forgottenMs)).forEach(look), {
      everyMs: waits.forgottenMs,
      log,
      name: "forgotten tasks",
    }),
    startRounds(
      async () => {
        const { TASK_RETENTION_DAYS, INSTALLATION_ERASE_DAYS } = environment;
        const count = await tasks.prune(daysAgo(TASK_RETENTION_DAYS));
        if (count > 0) log.info({ count }, "old tasks deleted");
        const erased = await installations.eraseInstallations(daysAgo(INSTALLATION_ERASE_DAYS));
        if (erased > 0) log.info({ count: erased }, "deleted installations erased");
      },
      { everyMs: DAY_MS, log, name: "retention" },
    ),
  ];
}

function connect({ environment, log, throttled = true }: Surroundings): Promise<GitHubConnection> {
  const { APP_ID, PRIVATE_KEY, WEBHOOK_SECRET } = environment;
  const identity = { appId: APP_ID, privateKey: PRIVATE_KEY, webhookSecret: WEBHOOK_SECRET };
  return connectToGitHub({ ...identity, baseUrl: restBaseUrl(environment), throttled }, log);
}

interface Parts {
  readonly surroundings: Surroundings;
  readonly storage: Storage;
  readonly github: GitHubConnection;
  readonly runtime: Runtime;
  /** Has a task looked at, once the queue is there. */
  readonly look: (taskId: string) => void;
  /** Aborted when the bot begins to stop. */
  readonly stopping: AbortSignal;
}

function prepareRunner(parts: Parts, waits: Waits): Runner {
  const { environment } = parts.surroundings;
  return createLateRunner(async () => {
    const { createRunner } = await import("./runner/runner.ts");
    flushCompileCache();
    const patience = { ...following(environment), ...waits };
    return createRunner(createPorts(parts, waits), webOrigin(environment), patience);
  });
}

function createPorts(parts: Parts, waits: Waits): Ports {
  const { surroundings, storage, github, runtime, look, stopping } = parts;
  const { environment, log } = surroundings;
  const startMs = environment.SESSION_START_TIMEOUT_SECONDS * 1_000;
  return {
    tasks: storage.tasks,
    approvals: storage.approvals,
    orders: storage.orders,
    doctor: prepareDoctor(parts),
    github,
    log,
    lookAgain: look,
    stopping,
    copilot: createCopilot(runtime, { ...waits, startMs }, log),
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

function prepareDoctor({ surroundings, storage, github, runtime }: Parts): Ports["doctor"] {
  const { environment, variables, log } = surroundings;
  return async (task) => {
    const { createDoctor } = await import("./doctor.ts");
    const doctor = createDoctor({
      environment,
      variables: { ...variables, ...environment },
      github: github.app,
      runtime,
      store: { ping: () => storage.tasks.ping() },
      audience: "thread",
      log,
    });
    return doctor(task);
  };
}

function listen(
  { surroundings, storage, github, runtime, look }: Parts,
  runner: Runner,
): Promise<HttpServer> {
  const { environment, log } = surroundings;
  const { tasks, installations } = storage;
  const webhook = createWebhookRoute({
    webhooks: github.app.webhooks,
    appId: github.app.appId,
    insert: (trigger) => tasks.insert(trigger),
    applyLifeChange: (change) => installations.applyLifeChange(change),
    applyClosing: (closing) => storage.closings.applyClosing(closing),
    nudge: (taskId) => runner.nudge(taskId),
    // In PostgreSQL the row and its place in the queue were written together.
    look: environment.DATABASE_URL === undefined ? look : () => {},
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
