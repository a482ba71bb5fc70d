import type { PagesListener, PublicServer } from "../http/server.ts";
import { pageShareOf, serve } from "../http/server.ts";
import { createWebhookRoute } from "../http/webhook.ts";
import type { Credentials } from "./credentials.ts";
import { forOwnWords } from "./logging.ts";
import type { AppParts } from "./options.ts";
import { createReadiness } from "./readiness.ts";

/** What answers webhooks and pages. */
type Listening = Pick<
  AppParts,
  "options" | "storage" | "backend" | "measure" | "processTask" | "processNewTask"
> & {
  /** There is news for the session of a task. */
  readonly nudge: (taskId: string) => void;
  /** GitHub reports that a person has revoked the App; false when nothing was deleted. */
  readonly revoked: (userId: number) => Promise<boolean>;
  readonly pages: PagesListener;
  readonly knownSlug: () => string | null;
  readonly credentials: Pick<Credentials, "refused">;
};

/** Takes webhooks and, where people connect their Copilot, shows pages. */
export async function servePublicly({
  options,
  storage,
  backend,
  measure,
  processTask,
  processNewTask,
  nudge,
  revoked,
  pages,
  knownSlug,
  credentials,
}: Listening): Promise<PublicServer> {
  const { environment, log } = options;
  const { connecting, MAX_CONNECTIONS: maxConnections } = environment;
  const { tasks, installations, subjects, policyChecks, labelings } = storage;
  const webhook = createWebhookRoute({
    secret: environment.WEBHOOK_SECRET,
    maxUnverifiedBytes: environment.MAX_UNVERIFIED_MB * 1024 * 1024,
    maxAtOnce: maxConnections - (connecting === null ? 0 : pageShareOf(maxConnections)),
    appId: environment.APP_ID,
    slug: knownSlug,
    notBefore: () => Date.now() - environment.TASK_RETENTION_DAYS * 86_400_000,
    tasks,
    installations,
    subjects,
    policyChecks,
    labelings,
    disconnect: revoked,
    nudge,
    processAgain: processTask,
    process: processNewTask,
    measure,
    log: forOwnWords(log),
  });
  const readiness = createReadiness({ tasks, runtime: backend, credentials, log });
  const server = await serve({
    host: environment.HOST,
    port: environment.PORT,
    keepAliveMs: environment.KEEP_ALIVE_SECONDS * 1_000,
    maxConnections,
    maxEventStreams: environment.MAX_EVENT_STREAMS,
    webhook,
    pages: connecting === null ? undefined : pages,
    readiness,
    log,
  });
  log.info({ url: server.url }, "listening");
  return server;
}
