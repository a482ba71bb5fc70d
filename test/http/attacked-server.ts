// The bot's server in a process of its own, so that its memory can be measured. It sends its parent where it listens
// and, when it's asked, its peak of resident memory in bytes.
import { serve } from "../../src/http/server.ts";
import { createWebhookRoute } from "../../src/http/webhook.ts";
import { createLog } from "../../src/app/logging.ts";
import { taskWith } from "../core/task.ts";

const MEGABYTE = 1024 * 1024;
const log = createLog("silent");
const server = await serve({
  host: "127.0.0.1",
  port: 0,
  keepAliveMs: 65_000,
  maxConnections: 1_000,
  webhook: createWebhookRoute({
    secret: process.env["WEBHOOK_SECRET"] ?? "",
    maxUnverifiedBytes: 64 * MEGABYTE,
    appId: 1,
    slug: () => null,
    policyChecks: { insert: () => Promise.resolve() },
    labelings: { requestAfterMerge: () => Promise.resolve(false) },
    notBefore: () => 0,
    tasks: { insert: () => Promise.resolve(taskWith()) },
    installations: { applyInstallationEvent: () => Promise.resolve({ canceled: 0 }) },
    subjects: {
      applySubjectEvent: () => Promise.resolve({ canceled: 0, steered: [], unanswered: [] }),
    },
    processAgain: () => {},
    disconnect: () => Promise.resolve(false),
    nudge: () => {},
    process: () => {},
    log,
  }),
  readiness: () => Promise.reject(new Error("not asked")),
  log,
});
process.on("message", () => process.send?.(process.resourceUsage().maxRSS * 1024));
process.on("disconnect", () => process.exit(0));
process.send?.(server.url);
