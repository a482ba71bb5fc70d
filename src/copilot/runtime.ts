import type { CopilotClient } from "@github/copilot-sdk";
import type { Log } from "../ports/log.ts";
import { processIdOf } from "./client.ts";
import type { Family } from "./family.ts";
import type { Process, RunningRuntime } from "./process.ts";
import { endRuntime, runtimeAnswers, startRuntime, stopRuntime } from "./process.ts";

/** How the runtime is doing. */
export interface RuntimeStatus {
  readonly state: "stopped" | "starting" | "ready" | "unavailable";
  readonly version: string | null;
  /** Whether it can create cloud sessions; null while that is not known. */
  readonly cloudSessions: boolean | null;
  /** Null while it is not known, and for a runtime that can't create cloud sessions. */
  readonly family: Family | null;
}

/** One runtime process. */
export interface Runtime {
  /** Starts the process, or starts it again, when needed. Rejects when that fails. */
  running(): Promise<RunningRuntime>;
  status(): RuntimeStatus;
  /** The id of the process that runs, or is about to. */
  processId(): number | null;
  /** From now on a process that is gone is not started again. */
  retire(): void;
  stop(): Promise<void>;
}

/** How a runtime is started, and kept alive. */
export interface RuntimeOptions {
  /** A client that was not started yet. */
  readonly create: () => CopilotClient;
  /** Of which family it is; null when it knows no cloud sessions. Must create nothing. */
  readonly probe: (client: CopilotClient) => Promise<Family | null>;
  readonly log: Pick<Log, "info" | "warn">;
  /** How often the process is asked whether it lives. Calls that it has taken never show that it died. */
  readonly checkEveryMs?: number;
}

/** Between two starts of a runtime that does not start. */
const START_AGAIN_MS = 10_000;

const STOPPED: RuntimeStatus = {
  state: "stopped",
  version: null,
  cloudSessions: null,
  family: null,
};

/** A runtime that is kept alive from the first call of `running` on. */
export function createRuntime(options: RuntimeOptions): Runtime {
  const { create, probe, log, checkEveryMs = 2_000 } = options;
  let current: Promise<Process> | null = null;
  let status = STOPPED;
  let check: NodeJS.Timeout | undefined;
  let latest: CopilotClient | null = null;
  let failedAt = 0;
  let retired = false;

  async function begin(): Promise<Process> {
    status = { ...status, state: "starting" };
    try {
      latest = create();
      const begun = await startRuntime(latest, probe, exited(log));
      status = { state: "ready", ...begun.found };
      log.info(begun.found, "Copilot runtime ready");
      return begun.process;
    } catch (error) {
      failedAt = Date.now();
      // One that is stopped while it starts has nothing to report.
      if (!retired) status = { ...status, state: "unavailable" };
      if (!retired) log.warn({ err: error }, "Copilot runtime doesn't start");
      await latest?.forceStop();
      throw error;
    }
  }

  /** Many callers may find the same process dead; one of them starts the next. */
  function startAfter(dead: Promise<Process> | null): Promise<Process> {
    if (current !== dead && current !== null) return current;
    if (retired) throw new Error("the bot is being stopped");
    if (Date.now() - failedAt < START_AGAIN_MS) throw new Error("it did not start a moment ago");
    const next = begin();
    current = next;
    next.catch(() => {
      if (current === next) current = null;
    });
    return next;
  }

  async function running(): Promise<Process> {
    const known = current ?? startAfter(null);
    check ??= setInterval(() => void running().catch(() => {}), checkEveryMs).unref();
    const candidate = await known;
    if (candidate.gone.aborted) return startAfter(known);
    if (await runtimeAnswers(candidate.client)) return candidate;
    if (!retired) log.warn({}, "Copilot runtime doesn't respond: restarting");
    await endRuntime(candidate);
    return startAfter(known);
  }

  return {
    running,
    status: () => status,
    processId: () => (latest === null ? null : processIdOf(latest)),
    retire: () => void (retired = true),
    async stop() {
      retired = true;
      clearInterval(check);
      const last = status.state === "ready" ? await current?.catch(() => null) : null;
      status = { ...status, state: "stopped" };
      if (last) await stopRuntime(last);
      await latest?.forceStop();
    },
  };
}

function exited(log: RuntimeOptions["log"]) {
  return () => log.warn({}, "Copilot runtime exited: restarting");
}
