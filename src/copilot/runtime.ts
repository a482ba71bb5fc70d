import type { CopilotClient } from "@github/copilot-sdk";
import pTimeout from "p-timeout";
import type { Log } from "../ports/log.ts";
import { onExit, processIdOf } from "./client.ts";
import type { Family } from "./family.ts";
import { refusalOf } from "./refusal-of.ts";

/** How the runtime is doing. */
export interface RuntimeStatus {
  readonly state: "stopped" | "starting" | "ready" | "unavailable";
  readonly version: string | null;
  /** Whether it can create cloud sessions; null while that is not known. */
  readonly cloudSessions: boolean | null;
  /** Null while it is not known, and for a runtime that can't create cloud sessions. */
  readonly family: Family | null;
}

/** A runtime process that answers. */
export interface RunningRuntime {
  readonly client: CopilotClient;
  /** Null when it can't create cloud sessions. */
  readonly family: Family | null;
  /** Aborted when the process is gone, with all its sessions. */
  readonly gone: AbortSignal;
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

interface Process extends RunningRuntime {
  readonly end: AbortController;
}

/** A process that does not answer for so long is taken for dead. */
const ANSWER_MS = 10_000;
const START_MS = 30_000;
const STOP_MS = 10_000;
/** Between two looks whether a process that is being stopped is there. */
const STOPPING_LOOK_MS = 100;
/** The JSON-RPC library's errors for a connection that is closed. */
const CONNECTION_CLOSED = 1;
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
      const begun = await startProcess(latest, probe, log);
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
    if (await answers(candidate.client)) return candidate;
    if (!retired) log.warn({}, "Copilot runtime doesn't respond: restarting");
    await endProcess(candidate);
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
      if (last) await stopProcess(last);
      await latest?.forceStop();
    },
  };
}

async function startProcess(
  client: CopilotClient,
  probe: RuntimeOptions["probe"],
  log: RuntimeOptions["log"],
) {
  const ask = async () => {
    await client.start();
    const { version } = await client.getStatus();
    const family = await probe(client);
    return { version, family, cloudSessions: family !== null };
  };
  const found = await pTimeout(ask(), { milliseconds: START_MS });
  const end = new AbortController();
  onExit(client, () => {
    if (end.signal.aborted) return;
    log.warn({}, "Copilot runtime exited: restarting");
    void endProcess({ client, end });
  });
  return { process: { client, family: found.family, end, gone: end.signal }, found };
}

/**
 * Ends it in order. A signal to the whole group, as by Ctrl-C, has ended it as well: then it never answers
 * that it ends, and only a later call finds that nobody is there.
 */
async function stopProcess({ client, end }: Process): Promise<void> {
  end.abort();
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const look = setInterval(() => {
    client.ping().catch((error: unknown) => {
      if (refusalOf(error).code === CONNECTION_CLOSED) resolve();
    });
  }, STOPPING_LOOK_MS);
  try {
    const stopped = Promise.race([client.stop(), gone]);
    await pTimeout<unknown>(stopped, { milliseconds: STOP_MS, fallback: () => {} });
  } finally {
    clearInterval(look);
  }
}

/** Only this makes the calls that the dead process had taken reject. */
async function endProcess({ client, end }: Pick<Process, "client" | "end">): Promise<void> {
  end.abort();
  await client.forceStop();
}

function answers(client: CopilotClient): Promise<boolean> {
  const answer = client.ping().then(
    () => true,
    () => false,
  );
  return pTimeout(answer, { milliseconds: ANSWER_MS, fallback: () => false });
}
