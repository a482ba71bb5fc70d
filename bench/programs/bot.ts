import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { startApp } from "../../src/app/app.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { createLog } from "../../src/app/logging.ts";
import { converse } from "./conversation.ts";

// The bot as src/main.ts starts it, but for GitHub's pace of one comment in three seconds, which a
// loopback GitHub does not ask for, and for how soon a session that's measured is left.
const { BENCH_LEAVE_AFTER_MS, ...variables } = process.env;
const idleMs = z.coerce.number().optional().parse(BENCH_LEAVE_AFTER_MS);
const environment = readEnvironment(variables);
const log = createLog(environment.LOG_LEVEL);
const app = await startApp({
  environment,
  variables,
  log,
  throttled: false,
  ...(idleMs === undefined ? {} : { timeouts: { idleMs, editEveryMs: idleMs } }),
});

async function ready() {
  while (!(await fetch(`${app.url}/readyz`)).ok) await sleep(20);
  return {};
}

converse(app.url, { ready }, () => app.stop());
