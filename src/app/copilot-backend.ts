import { existsSync } from "node:fs";
import { chosenProgram, SDK_VERSION } from "../copilot/program.ts";
import type { Runtimes, RuntimesStatus } from "../copilot/runtimes.ts";
import { createRuntimes } from "../copilot/runtimes.ts";
import { CannotStart } from "../core/error/cannot-start.ts";
import { hostsOf } from "../core/github/hosts.ts";
import type { Log } from "../ports/log.ts";
import type { RuntimesReading } from "../ports/metrics.ts";
import type { Backend } from "./backend.ts";
import type { AppOptions } from "./options.ts";
import type { BotTracing } from "./tracing.ts";
import { UNTRACED } from "./tracing.ts";

/** What the Copilot runtime is started with. */
export interface CopilotBackendOptions extends Pick<AppOptions, "environment" | "variables"> {
  /** For the runtime's own files. */
  readonly directory: string;
  readonly log: Log;
  /** None, unless given. */
  readonly tracing?: Pick<BotTracing, "span" | "headers">;
}

/** Copilot cloud sessions over the Copilot runtime. */
export function createCopilotBackend(options: CopilotBackendOptions): Backend {
  const { environment, directory, log, tracing = UNTRACED } = options;
  const hosts = hostsOf(environment);
  const program = chosenProgram(environment.COPILOT_RUNTIME);
  const runtime = createRuntimes({
    directory,
    variables: { ...options.variables, ...environment },
    program,
    traceHeaders: () => tracing.headers(),
    limits: {
      maxRuntimes: environment.MAX_RUNTIMES,
      idleMs: environment.RUNTIME_IDLE_MINUTES * 60_000,
    },
    log,
  });
  return {
    start() {
      refuseMissing(program);
      void checkRuntime(runtime, program, log);
    },
    async copilot(timeouts) {
      const { createCopilot } = await import("../copilot/copilot.ts");
      return createCopilot(runtime, timeouts, log, hosts, tracing);
    },
    pages: hosts.sessions,
    status: () => runtime.status(),
    reading: () => readingOf(runtime.status()),
    running: () => runtime.running(),
    async examine(checks) {
      const { examineCopilot } = await import("../doctor/copilot-checks.ts");
      return examineCopilot(checks, { status: () => runtime.status() });
    },
    retire: () => runtime.retire(),
    stop: () => runtime.stop(),
  };
}

function readingOf({ state, cloudSessions, processes, waiting }: RuntimesStatus): RuntimesReading {
  return {
    isReady: state === "ready" && cloudSessions === true,
    processes: processes.map(({ processId, sessions, memoryMb }) => {
      const memoryBytes = memoryMb === null ? null : memoryMb * 1024 * 1024;
      return { processId, sessions, memoryBytes };
    }),
    waiting,
  };
}

/** Has the runtime start. What doesn't work is an error in the log, with its fix. */
async function checkRuntime(runtime: Runtimes, program: string | undefined, log: Log) {
  try {
    await runtime.running();
    const { cloudSessions, version } = runtime.status();
    if (cloudSessions !== false) return;
    log.error(
      { runtime: version, sdk: SDK_VERSION, program },
      "Copilot runtime can't create cloud sessions with this SDK: set COPILOT_RUNTIME=bundled, or run npm ci",
    );
  } catch (err) {
    if (runtime.status().state !== "unavailable") return;
    log.error({ err }, "Copilot runtime doesn't start");
  }
}

function refuseMissing(program: string | undefined): void {
  if (program === undefined || existsSync(program)) return;
  throw new CannotStart(
    "configuration",
    `COPILOT_RUNTIME: there's no program at ${program}. Install it there, or remove the setting: the bundled runtime is used then.`,
  );
}
