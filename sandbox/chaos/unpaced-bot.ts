import { startApp } from "../../src/app.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { createLog } from "../../src/logging.ts";

// The bot as src/main.ts starts it, but for GitHub's pace of one comment in three seconds, which a
// loopback GitHub does not ask for, and with shorter pauses, so that a hundred crashes fit in minutes.
const environment = readEnvironment(process.env);
const log = createLog(environment.LOG_LEVEL);
const app = await startApp({
  environment,
  variables: process.env,
  log,
  throttled: false,
  waits: {
    linkGraceMs: 500,
    firstRetryMs: 200,
    reportAgainMs: 500,
    busyMs: 300,
    recoverEveryMs: 2_000,
    recoverPauseMs: 10,
    forgottenMs: 5_000,
    shutdownMs: 2_000,
  },
});
process.on("SIGTERM", () => {
  void app.stop().then(() => process.exit(0));
});
