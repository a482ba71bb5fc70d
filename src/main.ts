import { flushCompileCache } from "node:module";
import type { Environment } from "./config/environment.ts";
import { readEnvironment, WrongEnvironment } from "./config/environment.ts";
import { layFoundation } from "./foundation.ts";
import { createLog } from "./logging.ts";

/** Configuration errors are for a person at a terminal: a sentence, no stack. */
function readOrExit(): Environment {
  try {
    return readEnvironment(process.env);
  } catch (error) {
    if (!(error instanceof WrongEnvironment)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(78); // EX_CONFIG of sysexits.h
  }
}

const environment = readOrExit();
const log = createLog(environment.LOG_LEVEL);

function stopOnSignal(bot: { readonly stop: () => Promise<void> }): void {
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, "stopping");
    bot.stop().then(
      () => process.exit(0),
      (err: unknown) => {
        log.error({ err }, "could not stop in order");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
}

try {
  const surroundings = { environment, variables: process.env, log };
  // The runtime starts while the rest of the bot is loaded.
  const foundation = layFoundation(surroundings);
  const bot = { stop: () => foundation.leave() };
  stopOnSignal(bot);
  const { startApp } = await import("./app.ts");
  const app = await startApp(surroundings, foundation);
  bot.stop = () => app.stop();
  // Where NODE_COMPILE_CACHE is set, the next start finds what was compiled in this one.
  flushCompileCache();
} catch (err) {
  log.fatal({ err }, "the bot cannot start");
  process.exit(1);
}
