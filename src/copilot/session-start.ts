import type { CopilotSession } from "@github/copilot-sdk";
import type { CloudSession, Confirmation } from "./cloud-session.ts";
import { createCloudSession } from "./cloud-session.ts";
import type { EventLog } from "./event-log.ts";
import { createEventLog } from "./event-log.ts";
import type { Requests } from "./requests.ts";
import { createRequests } from "./requests.ts";
import type { RunningRuntime } from "./runtime.ts";
import { readyAgent } from "./signs.ts";

/** A session that may not have an agent yet, with the events that came so far. */
export interface Created {
  readonly session: CopilotSession;
  readonly log: EventLog;
  readonly requests: Requests;
}

/** Which session is wanted, with whose token. */
export interface SessionRequest {
  readonly owner: string;
  readonly repository: string;
  readonly branch: string;
  readonly token: string;
  /** Whether the agent's words come piece by piece too. */
  readonly streaming?: boolean;
  /** What the session may use. */
  readonly sessionLimits?: { readonly maxAiCredits?: number };
}

/** Has a session created. Rejects with the runtime's refusal. */
export async function createSession(
  { client, gone }: RunningRuntime,
  { owner, repository: name, branch, token, streaming, sessionLimits }: SessionRequest,
): Promise<Created> {
  const log = logUntil(gone);
  const requests = createRequests(log);
  try {
    const session = await client.createSession({
      cloud: { repository: { owner, name, branch } },
      gitHubToken: token,
      availableTools: [],
      // The agent's start comes once, right behind the answer: a handler added later misses it.
      onEvent: (event) => log.add(event),
      ...requests.handlers,
      ...(streaming === undefined ? {} : { streaming }),
      ...(sessionLimits === undefined ? {} : { sessionLimits }),
    });
    return { session, log, requests };
  } catch (error) {
    log.close();
    throw error;
  }
}

/** The session with its agent; null when that does not start in time. */
export async function whenReady(
  { session, log, requests }: Created,
  { withinMs, deliveryMs, confirmMs }: { readonly withinMs: number } & Confirmation,
): Promise<CloudSession | null> {
  for (const event of await session.getEvents()) log.add(event);
  const checkedOut = await log.first(readyAgent, withinMs);
  if (checkedOut !== null)
    return createCloudSession({ session, log, requests, checkedOut, deliveryMs, confirmMs });
  const isGone = log.closed.aborted;
  log.close();
  if (!isGone) await session.disconnect();
  return null;
}

/** A log that ends with the runtime process. */
export function logUntil(gone: AbortSignal): EventLog {
  const log = createEventLog();
  const close = () => {
    // A runtime outlives its sessions: what it holds on to would never be let go of.
    gone.removeEventListener("abort", close);
    log.close();
  };
  gone.addEventListener("abort", close);
  return { ...log, close };
}
