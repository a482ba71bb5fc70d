import type { CopilotClient } from "@github/copilot-sdk";

/** How the runtime is doing. */
export interface RuntimeStatus {
  readonly state: "stopped" | "starting" | "ready" | "unavailable";
  readonly version: string | null;
  /** Whether it can create cloud sessions; null while that is not known. */
  readonly cloudSessions: boolean | null;
}

/** One runtime process for all sessions. */
export interface Runtime {
  /** A client whose process answers: started, or started again, when needed. Rejects if that fails. */
  client(): Promise<CopilotClient>;
  status(): RuntimeStatus;
  stop(): Promise<void>;
}

interface Options {
  /** A client that was not started yet. */
  readonly create: () => CopilotClient;
  /** Whether the runtime knows cloud sessions; must create nothing. */
  readonly probe: (client: CopilotClient) => Promise<boolean>;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
  /** How often a runtime that nobody uses is asked whether it lives. */
  readonly checkEveryMs?: number;
}

/** A process that does not answer for so long is taken for dead. */
const ANSWER_MS = 10_000;

/** A runtime that is kept alive from the first call of `client` on. */
export function createRuntime({ create, probe, log, checkEveryMs = 10_000 }: Options): Runtime {
  let running: Promise<CopilotClient> | null = null;
  let status: RuntimeStatus = { state: "stopped", version: null, cloudSessions: null };
  let check: NodeJS.Timeout | undefined;
  let stopped = false;

  async function begin(): Promise<CopilotClient> {
    status = { ...status, state: "starting" };
    const client = create();
    try {
      await client.start();
      const { version } = await client.getStatus();
      const cloudSessions = await probe(client);
      status = { state: "ready", version, cloudSessions };
      log.info({ version, cloudSessions }, "Copilot runtime ready");
      return client;
    } catch (error) {
      status = { ...status, state: "unavailable" };
      await client.forceStop();
      throw error;
    }
  }

  /** Many callers may find the same process dead; one of them starts the next. */
  function restart(dead: Promise<CopilotClient> | null): Promise<CopilotClient> {
    if (running !== dead && running !== null) return running;
    const next = begin();
    running = next;
    next.catch(() => {
      if (running === next) running = null;
    });
    return next;
  }

  async function alive(): Promise<CopilotClient> {
    if (stopped) throw new Error("the Copilot runtime is stopped");
    const current = running ?? restart(null);
    check ??= setInterval(() => void alive().catch(() => {}), checkEveryMs).unref();
    const candidate = await current;
    if (await answers(candidate)) return candidate;
    log.warn({}, "Copilot runtime does not answer: it is started again");
    await candidate.forceStop();
    return restart(current);
  }

  return {
    client: alive,
    status: () => status,
    async stop() {
      stopped = true;
      clearInterval(check);
      const current = running;
      running = null;
      status = { ...status, state: "stopped" };
      const last = await current?.catch(() => null);
      await last?.stop();
    },
  };
}

async function answers(client: CopilotClient): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), ANSWER_MS);
  const answered = client.ping().then(
    () => true,
    () => false,
  );
  const alive = await Promise.race([answered, late]);
  clearTimeout(timer);
  return alive;
}
