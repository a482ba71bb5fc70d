import { flushCompileCache } from "node:module";
import { hasUnusedClient } from "./config/connecting.ts";
import type { Environment } from "./config/environment.ts";
import { readEnvironment, WrongEnvironment } from "./config/environment.ts";
import { renamedVariables } from "./config/renamed.ts";
import { gatherVariables } from "./config/secret-files.ts";
import { secretsOf } from "./config/secrets.ts";
import { CannotStart } from "./core/error/cannot-start.ts";
import { startProcess } from "./app/process.ts";
import { createLog } from "./app/logging.ts";
import { useProxy } from "./app/proxy.ts";
import { openTracing } from "./app/tracing.ts";
import type { Log } from "./ports/log.ts";

/**
 * As in sysexits.h: EX_CONFIG, where starting again changes nothing, and EX_UNAVAILABLE, where it may. A
 * supervisor can tell them apart.
 */
const EXIT_CODES = { configuration: 78, outage: 69 } as const;

/** Configuration errors are for a person at a terminal: a sentence, no stack. */
function readOrExit(): Environment {
  try {
    return readEnvironment(process.env);
  } catch (error) {
    if (!(error instanceof WrongEnvironment)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(EXIT_CODES.configuration);
  }
}

if (process.argv.length > 2) {
  const { answerCommandLine } = await import("./app/command-line.ts");
  answerCommandLine(process.argv.slice(2), process.env["CALLED_AS"] ?? "main");
}

// Tasks, the runtime's state, and whatever a library writes are for this account alone.
process.umask(0o077);

const environment = readOrExit();
const tracing = await openTracing(environment, (): Log => log);
const log = createLog(environment.LOG_LEVEL, undefined, secretsOf(environment), tracing.idsFor);
for (const { old, now, isIgnored } of renamedVariables(process.env)) {
  const effect = isIgnored
    ? "the new one is set, so the old one is ignored"
    : "the old one still works";
  log.warn({ old, now }, `environment variable has a new name; ${effect}`);
}
if (hasUnusedClient(gatherVariables(process.env).variables)) {
  log.info(
    "GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET have no effect: for people to connect their Copilot, also set PUBLIC_URL and ENCRYPTION_KEYS (docs/identity.md)",
  );
}

// Node would print an error with all that hangs on it, such as a request's headers or a URL with its password.
process.on("uncaughtException", (err) => {
  log.fatal({ err }, "unexpected error");
  process.exit(1);
});

function stopOnSignal(bot: { readonly stop: () => Promise<void> }): void {
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, "stopping");
    bot.stop().then(
      () => process.exit(0),
      (err: unknown) => {
        log.error({ err }, "shutdown failed");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
}

useProxy(environment, log);

try {
  const options = { environment, variables: process.env, log, tracing };
  // The runtime starts while the rest of the bot is loaded.
  const botProcess = startProcess(options);
  const bot = { stop: () => botProcess.close() };
  stopOnSignal(bot);
  const { startApp } = await import("./app/app.ts");
  const app = await startApp(options, botProcess);
  bot.stop = () => app.stop();
  // Where NODE_COMPILE_CACHE is set, the next start finds what was compiled in this one.
  flushCompileCache();
} catch (err) {
  if (err instanceof CannotStart) {
    process.stderr.write(`The bot can't start:\n  ${err.message}\n`);
    process.exit(EXIT_CODES[err.reason]);
  }
  log.fatal({ err }, "the bot can't start");
  process.exit(1);
}
