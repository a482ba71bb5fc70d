import { setTimeout as sleep } from "node:timers/promises";
import { startApp } from "../../src/app/app.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { createLog } from "../../src/app/logging.ts";
import { converse } from "./conversation.ts";

// The bot as src/main.ts starts it, but for GitHub's pace of one comment in three seconds, which a
// loopback GitHub does not ask for.
const environment = readEnvironment(process.env);
const log = createLog(environment.LOG_LEVEL);
const app = await startApp({ environment, variables: process.env, log, throttled: false });

async function ready() {
  while (!(await fetch(`${app.url}/readyz`)).ok) await sleep(20);
  return {};
}

converse(app.url, { ready }, () => app.stop());
