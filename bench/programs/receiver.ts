import { readEnvironment } from "../../src/config/environment.ts";
import { serve } from "../../src/http/server.ts";
import { createWebhookRoute } from "../../src/http/webhook.ts";
import { createLog, forOwnWords } from "../../src/app/logging.ts";
import { openStorage } from "../../src/app/storage.ts";
import { lockDataDirectory } from "../../src/store/directory.ts";
import { converse } from "./conversation.ts";

// The bot up to the answer of a webhook, from the parts that src/app/app.ts puts together: its server, its
// route, its store, and where people can connect their Copilot, its pages. Nobody works on the tasks, so that only the
// acknowledgement is measured.
const environment = readEnvironment(process.env);
const log = createLog(environment.LOG_LEVEL);
const directory = lockDataDirectory(environment.DATA_DIR);
const storage = await openStorage(environment, directory.path, log);
const { tasks } = storage;

/** Loaded only where somebody can sign in, as by the bot. */
async function loadPages() {
  if (environment.connecting === null) return undefined;
  const { createBotPages } = await import("../bot-pages.ts");
  return createBotPages({ environment, variables: process.env, log }, storage, directory.path);
}

const server = await serve({
  host: "127.0.0.1",
  port: environment.PORT,
  keepAliveMs: environment.KEEP_ALIVE_SECONDS * 1_000,
  maxConnections: environment.MAX_CONNECTIONS,
  maxEventStreams: environment.MAX_EVENT_STREAMS,
  pages: await loadPages(),
  webhook: createWebhookRoute({
    secret: environment.WEBHOOK_SECRET,
    maxUnverifiedBytes: environment.MAX_UNVERIFIED_MB * 1024 * 1024,
    appId: environment.APP_ID,
    slug: () => "copilot-task-bot",
    notBefore: () => 0,
    tasks,
    installations: storage.installations,
    subjects: storage.subjects,
    policyChecks: storage.policyChecks,
    labelings: storage.labelings,
    disconnect: () => Promise.resolve(false),
    nudge: () => {},
    processAgain: () => {},
    process: () => {},
    log: forOwnWords(log),
  }),
  readiness: () =>
    Promise.resolve({
      store: "ok",
      runtime: { state: "ready", version: "", cloudSessions: true },
      refused: [],
      undelivered: null,
    }),
  log,
});

/** Moves each waiting task once, as a runner does: claim, record, release. */
async function moveAll(): Promise<{ readonly claimMs: readonly number[] }> {
  const claimMs: number[] = [];
  for (const id of await tasks.waiting()) {
    const began = performance.now();
    const claim = await tasks.claim(id, "start");
    claimMs.push(performance.now() - began);
    if (claim.type !== "claimed") throw new Error(`the task ${id} is ${claim.type}`);
    const settledAt = new Date().toISOString();
    const settled = await tasks.record(claim.task, {
      ...claim.task,
      state: "in_progress",
      settledAt,
    });
    if (settled !== null) await tasks.release(settled);
  }
  return { claimMs };
}

converse(server.url, { "move all": moveAll }, () => server.close().then(() => storage.close()));
