import { startAllRounds } from "./app-rounds.ts";
import { restBaseUrl } from "./config/environment.ts";
import type { Foundation } from "./foundation.ts";
import { layFoundation } from "./foundation.ts";
import type { GitHubConnection } from "./github/connection.ts";
import type { HttpServer } from "./http/server.ts";
import { serve } from "./http/server.ts";
import { createWebhookRoute } from "./http/webhook.ts";
import type { Queue } from "./queue/queue.ts";
import { forOwnWords } from "./logging.ts";
import type { Runner } from "./runner/runner.ts";
import { openStorage } from "./storage.ts";
import type { Parts, Surroundings } from "./surroundings.ts";
import { WAITS } from "./surroundings.ts";

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
  const { promise: working, resolve: setWork } = Promise.withResolvers<{
    queue: Queue;
    runner: Runner;
  }>();
  const stopping = new AbortController();
  const look = (taskId: string) => void working.then(({ queue }) => queue.look(taskId));
  const nudge = (taskId: string) => void working.then(({ runner }) => runner.nudge(taskId));
  const server = await listen({ surroundings, storage, runtime, look, nudge });
  log.info({ url: server.url }, "listening");
  try {
    // What a webhook asks for is taken before there is anybody to do it: that is two thirds of the bot's code.
    const github = await connect(surroundings);
    const parts = { surroundings, storage, github, runtime, look, stopping: stopping.signal };
    const { createAppRunner } = await import("./app-runner.ts");
    const runner = createAppRunner(parts, waits);
    const queue = await storage.startQueue(runner);
    setWork({ queue, runner });
    const rounds = startAllRounds(parts, runner, waits);
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
  } catch (error) {
    await server.close();
    await storage.close();
    throw error;
  }
}

async function connect({
  environment,
  log,
  throttled = true,
}: Surroundings): Promise<GitHubConnection> {
  const { connectToGitHub } = await import("./github/connection.ts");
  const { APP_ID: appId, PRIVATE_KEY: privateKey } = environment;
  return connectToGitHub({ appId, privateKey, baseUrl: restBaseUrl(environment), throttled }, log);
}

type Listening = Pick<Parts, "surroundings" | "storage" | "runtime" | "look"> & {
  /** There is news for the session of a task. */
  readonly nudge: (taskId: string) => void;
};

function listen({ surroundings, storage, runtime, look, nudge }: Listening): Promise<HttpServer> {
  const { environment, log } = surroundings;
  const { tasks, installations } = storage;
  const webhook = createWebhookRoute({
    secret: environment.WEBHOOK_SECRET,
    appId: environment.APP_ID,
    insert: (trigger) => tasks.insert(trigger),
    applyLifeChange: (change) => installations.applyLifeChange(change),
    applyClosing: (closing) => storage.closings.applyClosing(closing),
    nudge,
    // In PostgreSQL the row and its place in the queue were written together.
    look: environment.DATABASE_URL === undefined ? look : () => {},
    log: forOwnWords(log),
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
