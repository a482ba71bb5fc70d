import { flushCompileCache } from "node:module";
import { z } from "zod";
import { startApp } from "../../src/app/app.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { secretsOf } from "../../src/config/secrets.ts";
import { createLog } from "../../src/app/logging.ts";
import { openTracing } from "../../src/app/tracing.ts";
import type { Log } from "../../src/ports/log.ts";

// The bot as src/main.ts starts it, but for GitHub's pace of one comment in three seconds, which a
// loopback GitHub does not ask for, and with shorter pauses, so that a hundred crashes fit in minutes. The variable
// WAITS changes more of them: JSON, in milliseconds.
const waits = z.record(z.string(), z.int()).parse(JSON.parse(process.env["WAITS"] ?? "{}"));
const environment = readEnvironment(process.env);
const tracing = await openTracing(environment, (): Log => log);
const log = createLog(environment.LOG_LEVEL, undefined, secretsOf(environment), tracing.idsFor);
const app = await startApp({
  environment,
  variables: process.env,
  log,
  tracing,
  throttled: false,
  timeouts: {
    linkGraceMs: 500,
    firstRetryMs: 200,
    requestAgainMs: 100,
    reportAgainMs: 500,
    busyMs: 300,
    recoverEveryMs: 2_000,
    recoverPauseMs: 10,
    forgottenMs: 5_000,
    shutdownMs: 2_000,
    ...waits,
  },
});
// A bot that is killed leaves the next one what was compiled of it.
flushCompileCache();
// A story that failed leaves no bot behind: whoever waits for the output of the tests would wait for that of the bot.
process.stdin.once("close", () => process.exit(1)).resume();
process.on("SIGTERM", () => {
  void app.stop().then(() => process.exit(0));
});
