import { DatabaseSync } from "node:sqlite";
import { onTestFinished } from "vitest";
import type { Trigger } from "../../src/core/trigger.ts";
import type { Readiness } from "../../src/http/health.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { serve } from "../../src/http/server.ts";
import { createWebhookRoute } from "../../src/http/webhook.ts";
import { createLog } from "../../src/logging.ts";
import { createClosingStore } from "../../src/store/closings.ts";
import type { InstallationStore } from "../../src/store/installations.ts";
import type { TaskStore } from "../../src/store/tasks.ts";
import { openStore } from "../store/opened.ts";

export const SECRET = "b2f8c1d94e6a7f30";
const APP_ID = 4_711;

export const READY: Readiness = {
  store: "ok",
  runtime: { state: "ready", version: "1.0.80", cloudSessions: true },
};

/** The bot's server, with Probot and a database as in the bot, and nothing behind them. */
export interface StartedServer extends HttpServer {
  readonly webhooks: string;
  readonly tasks: TaskStore;
  /** The tasks that were to be looked at. */
  readonly looked: readonly string[];
  /** The log so far, line by line. */
  readonly log: readonly string[];
  /** What is in the database, as another process sees it. */
  rows(): unknown[];
}

interface Settings {
  /** Instead of writing the task. */
  readonly insert?: (tasks: TaskStore, trigger: Trigger) => Promise<{ readonly id: string } | null>;
  /** Instead of following the change. */
  readonly applyLifeChange?: InstallationStore["applyLifeChange"];
  readonly readiness?: () => Promise<Readiness>;
  readonly requestTimeoutMs?: number;
}

/** Starts a server that is gone after the test. */
export async function startServer(settings: Settings = {}): Promise<StartedServer> {
  const { database, tasks, installations, file } = await openStore();
  const closings = createClosingStore(database, () => new Date());
  const lines: string[] = [];
  const looked: string[] = [];
  const log = createLog("trace", { write: (line) => lines.push(line) });
  const { insert = (_tasks, trigger) => tasks.insert(trigger), requestTimeoutMs } = settings;
  const webhook = createWebhookRoute({
    secret: SECRET,
    appId: APP_ID,
    insert: (trigger) => insert(tasks, trigger),
    applyLifeChange:
      settings.applyLifeChange ?? ((change) => installations.applyLifeChange(change)),
    applyClosing: (closing) => closings.applyClosing(closing),
    nudge: () => {},
    look: (taskId) => looked.push(taskId),
    log,
  });
  const server = await serve({
    host: "127.0.0.1",
    port: 0,
    webhook,
    readiness: settings.readiness ?? (() => Promise.resolve(READY)),
    log,
    ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
  });
  onTestFinished(() => server.close());
  const webhooks = `${server.url}/api/github/webhooks`;
  return { ...server, webhooks, tasks, looked, log: lines, rows: () => rowsIn(file) };
}

function rowsIn(file: string): unknown[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare("select delivery_id, event_key, state from tasks order by rowid").all();
  } finally {
    database.close();
  }
}
