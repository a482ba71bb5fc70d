import { DatabaseSync } from "node:sqlite";
import { onTestFinished } from "vitest";
import type { Task } from "../../src/core/task/task.ts";
import type { Trigger } from "../../src/core/webhook/trigger.ts";
import type { Readiness } from "../../src/http/health.ts";
import type { HttpServer } from "../../src/http/listening.ts";
import type { PagesListener } from "../../src/http/server.ts";
import { serve } from "../../src/http/server.ts";
import { createWebhookRoute } from "../../src/http/webhook.ts";
import { createLog } from "../../src/app/logging.ts";
import { createLabelings } from "../../src/store/labelings.ts";
import { createPolicyChecks } from "../../src/store/policy-checks.ts";
import { createSubjects } from "../../src/store/subject-events.ts";
import type { Installations } from "../../src/ports/events.ts";
import type { Measure } from "../../src/ports/metrics.ts";
import type { TaskStore } from "../../src/ports/tasks.ts";
import type { OpenedStore } from "../store/opened.ts";
import { openStore } from "../store/opened.ts";

export const SECRET = "b2f8c1d94e6a7f30";
const APP_ID = 4_711;

export const READY: Readiness = {
  store: "ok",
  runtime: { state: "ready", version: "1.0.80", cloudSessions: true },
  refused: [],
  undelivered: { count: 0, since: null, reason: null },
};

/** The bot's server, with Probot and a database as in the bot, and nothing behind them. */
export interface StartedServer extends HttpServer {
  readonly webhooks: string;
  readonly tasks: TaskStore;
  /** The new tasks that were enqueued. */
  readonly enqueued: readonly string[];
  /** The tasks that were there before and were enqueued again. */
  readonly enqueuedAgain: readonly string[];
  readonly disconnected: readonly number[];
  /** The log so far, line by line. */
  readonly log: readonly string[];
  /** What is in the database, as another process sees it. */
  rows(): unknown[];
}

interface Settings {
  /** A database of the server's own, unless given. */
  readonly store?: OpenedStore;
  /** Instead of writing the task. */
  readonly insert?: (tasks: TaskStore, trigger: Trigger) => Promise<Task | null>;
  /** Instead of following the change. */
  readonly applyInstallationEvent?: Installations["applyInstallationEvent"];
  readonly readiness?: () => Promise<Readiness>;
  readonly pages?: PagesListener;
  readonly requestTimeoutMs?: number;
  readonly closeMs?: number;
  readonly keepAliveMs?: number;
  readonly maxConnections?: number;
  readonly maxEventStreams?: number;
  readonly maxWebhooks?: number;
  readonly maxUnverifiedBytes?: number;
  /** In milliseconds since the epoch. */
  readonly notBefore?: number;
  /** Null where it isn't known. */
  readonly slug?: string | null;
  readonly measure?: Measure;
}

const MEGABYTE = 1024 * 1024;

/** Starts a server that is gone after the test. */
export async function startServer(settings: Settings = {}): Promise<StartedServer> {
  const { database, tasks, installations, file } = settings.store ?? (await openStore());
  const subjects = createSubjects(database, () => new Date());
  const lines: string[] = [];
  const enqueued: string[] = [];
  const enqueuedAgain: string[] = [];
  const disconnected: number[] = [];
  const log = createLog("trace", { write: (line) => lines.push(line) });
  const { insert = (_tasks, trigger) => tasks.insert(trigger) } = settings;
  const { requestTimeoutMs, closeMs, maxEventStreams, maxWebhooks } = settings;
  const { applyInstallationEvent } = settings;
  const replaced = applyInstallationEvent === undefined ? {} : { applyInstallationEvent };
  const { slug = "copilot-task-bot", keepAliveMs = 5_000, maxConnections = 1_000 } = settings;
  const webhook = createWebhookRoute({
    secret: SECRET,
    maxUnverifiedBytes: settings.maxUnverifiedBytes ?? 64 * MEGABYTE,
    ...(maxWebhooks === undefined ? {} : { maxAtOnce: maxWebhooks }),
    appId: APP_ID,
    slug: () => slug,
    // The examples are of 2019.
    notBefore: () => settings.notBefore ?? 0,
    tasks: { insert: (trigger) => insert(tasks, trigger) },
    installations: { ...installations, ...replaced },
    subjects,
    policyChecks: createPolicyChecks(database, () => new Date()),
    labelings: createLabelings(database, () => new Date()),
    async disconnect(userId) {
      disconnected.push(userId);
      return true;
    },
    nudge: () => {},
    processAgain: (taskId) => enqueuedAgain.push(taskId),
    process: (taskId) => enqueued.push(taskId),
    measure: settings.measure,
    log,
  });
  const server = await serve({
    host: "127.0.0.1",
    port: 0,
    keepAliveMs,
    maxConnections,
    webhook,
    readiness: settings.readiness ?? (() => Promise.resolve(READY)),
    pages: settings.pages,
    log,
    ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
    ...(closeMs === undefined ? {} : { closeMs }),
    ...(maxEventStreams === undefined ? {} : { maxEventStreams }),
  });
  onTestFinished(() => server.close());
  const webhooks = `${server.url}/api/github/webhooks`;
  return {
    ...server,
    webhooks,
    tasks,
    enqueued,
    enqueuedAgain,
    disconnected,
    log: lines,
    rows: () => rowsIn(file),
  };
}

function rowsIn(file: string): unknown[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare("select delivery_id, event_key, state from tasks order by rowid").all();
  } finally {
    database.close();
  }
}
