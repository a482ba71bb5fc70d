import type { CopilotClient } from "@github/copilot-sdk";
import pTimeout from "p-timeout";
import { onExit } from "./client.ts";
import type { Family } from "./family.ts";
import { refusalOf } from "./refusal-of.ts";

/** A runtime process that answers. */
export interface RunningRuntime {
  readonly client: CopilotClient;
  /** Null when it can't create cloud sessions. */
  readonly family: Family | null;
  /** Aborted when the process is gone, with all its sessions. */
  readonly gone: AbortSignal;
}

/** A process, and how everybody who uses it hears that it has ended. */
export interface Process extends RunningRuntime {
  readonly end: AbortController;
}

/** What a process says of itself. */
interface FoundRuntime {
  readonly version: string;
  readonly family: Family | null;
  readonly cloudSessions: boolean;
}

/** A process that does not answer for so long is taken for dead. */
const ANSWER_MS = 10_000;
const START_MS = 30_000;
const STOP_MS = 10_000;
/** Between two looks whether a process that is being stopped is there. */
const STOPPING_LOOK_MS = 100;
/** The JSON-RPC library's errors for a connection that is closed. */
const CONNECTION_CLOSED = 1;

/**
 * Starts the client's process, and finds out what it is. Rejects when it doesn't start in time.
 *
 * @param probe of which family it is; null when it knows no cloud sessions
 * @param onEnd called when the process has ended without having been asked to
 */
export async function startRuntime(
  client: CopilotClient,
  probe: (client: CopilotClient) => Promise<Family | null>,
  onEnd: () => void,
): Promise<{ readonly process: Process; readonly found: FoundRuntime }> {
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
    onEnd();
    void endRuntime({ client, end });
  });
  return { process: { client, family: found.family, end, gone: end.signal }, found };
}

/**
 * Ends it in order. A signal to the whole group, as by Ctrl-C, has ended it as well: then it never answers
 * that it ends, and only a later call finds that nobody is there.
 */
export async function stopRuntime({ client, end }: Process): Promise<void> {
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
export async function endRuntime({ client, end }: Pick<Process, "client" | "end">): Promise<void> {
  end.abort();
  await client.forceStop();
}

/** Whether the process answers in time. */
export function runtimeAnswers(client: CopilotClient): Promise<boolean> {
  const answer = client.ping().then(
    () => true,
    () => false,
  );
  return pTimeout(answer, { milliseconds: ANSWER_MS, fallback: () => false });
}
