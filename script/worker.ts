import { createLog } from "../src/app/logging.ts";
import { useProxy } from "../src/app/proxy.ts";
import { openTracing } from "../src/app/tracing.ts";
import { checkWorker } from "../src/app/worker-check.ts";
import { startWorkerMachine } from "../src/app/worker.ts";
import { WrongEnvironment } from "../src/config/environment.ts";
import { secretsOfWorker } from "../src/config/secrets.ts";
import type { WorkerEnvironment } from "../src/config/worker.ts";
import { readWorkerEnvironment } from "../src/config/worker.ts";
import { CannotStart } from "../src/core/error/cannot-start.ts";
import type { Log } from "../src/ports/log.ts";
import { exitCodeOf, findingsOf, leave, printed, VALID_SETTINGS } from "./lib/findings.ts";
import { program } from "./lib/program.ts";

/** As in sysexits.h: EX_CONFIG, where starting again changes nothing, and EX_UNAVAILABLE, where it may. */
const EXIT_CODES = { configuration: 78, outage: 69 } as const;

const options = program(
  "script/worker",
  "Runs sessions on this machine for a bot on another machine. DATABASE_URL is that bot's database. See docs/self-hosted.md.",
)
  .option(
    "--check",
    "check what this machine needs, print it as script/doctor does, and end; starts and changes nothing",
  )
  .option("--json", 'with --check, print {"findings": [{"level", "what", "found", "cure"}, …]}')
  .addHelpText(
    "after",
    `
Settings come from the environment and from .env: DATABASE_URL, DATA_DIR, WORKER_NAME, WORKER_LABELS, SELF_HOSTED_…,
ISOLATION, SANDBOX_USER, the addresses of GitHub and Copilot, HTTPS_PROXY, LOG_LEVEL, and OTEL_…. The bot's own secrets
must not be set. Logs JSON lines.

SIGTERM and SIGINT stop it, within 30 seconds: sessions that it hasn't begun go to other workers, and its own continue when
it's started again. Exit codes: 0 stopped, 1 failed, 64 wrong option or argument, 69 the database can't be reached,
78 wrong settings. With --check: 0 nothing failed, 1 something did, 78 a setting is wrong.`,
  )
  .parse()
  .opts();
const isJson = options.json === true;

function readOrExit(): WorkerEnvironment {
  try {
    return readWorkerEnvironment(process.env);
  } catch (error) {
    if (!(error instanceof WrongEnvironment)) throw error;
    if (options.check === true) {
      process.stdout.write(`${printed(findingsOf(error), isJson)}\n`);
      return process.exit(EXIT_CODES.configuration);
    }
    process.stderr.write(`${error.message}\n`);
    return process.exit(EXIT_CODES.configuration);
  }
}

/** Says what this machine lacks, and ends. */
async function check(environment: WorkerEnvironment): Promise<never> {
  const silent = createLog("silent");
  useProxy(environment, silent);
  const findings = [VALID_SETTINGS, ...(await checkWorker(environment, silent))];
  leave(exitCodeOf(findings), printed(findings, isJson));
  return new Promise(() => {});
}

/** Ends it once, at the first signal. */
function stopOnSignal(stop: () => Promise<void>, log: Log): void {
  let isStopping = false;
  const onSignal = (signal: string) => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, "stopping");
    stop().then(
      () => process.exit(0),
      (err: unknown) => {
        log.error({ err }, "shutdown failed");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
}

// The state of sessions, and what's fetched, are for this account alone.
process.umask(0o077);
const environment = readOrExit();
if (options.check === true) await check(environment);
const tracing = await openTracing(environment, (): Log => log);
const secrets = secretsOfWorker(environment);
const log = createLog(environment.LOG_LEVEL, undefined, secrets, tracing.idsFor);
process.on("uncaughtException", (err) => {
  log.fatal({ err }, "unexpected error");
  process.exit(1);
});
useProxy(environment, log);
try {
  const onReplaced = () => {
    log.fatal({}, "another process has this worker's identity (worker-id in DATA_DIR)");
    process.exit(1);
  };
  const stop = await startWorkerMachine({
    environment,
    variables: process.env,
    log,
    tracing,
    onReplaced,
  });
  stopOnSignal(stop, log);
} catch (err) {
  if (err instanceof CannotStart) {
    process.stderr.write(`The worker can't start:\n  ${err.message}\n`);
    process.exit(EXIT_CODES[err.reason]);
  }
  log.fatal({ err }, "the worker can't start");
  process.exit(1);
}
