import type { CopilotSession } from "@github/copilot-sdk";
import type { CloudSession } from "./cloud-session.ts";
import { createCloudSession } from "./cloud-session.ts";
import type { EventLog } from "./event-log.ts";
import { createEventLog } from "./event-log.ts";
import type { RunningRuntime } from "./runtime.ts";
import { readyAgent } from "./signs.ts";

/** A session that may not have an agent yet, with the events that came so far. */
export interface Created {
  readonly session: CopilotSession;
  readonly log: EventLog;
  /** Aborted when the runtime process is gone. */
  readonly gone: AbortSignal;
}

/** Which session is wanted, with whose token. */
export interface SessionRequest {
  readonly owner: string;
  readonly repository: string;
  readonly branch: string;
  readonly token: string;
}

/** Has a session created. Rejects with the runtime's refusal. */
export async function createSession(
  { client, gone }: RunningRuntime,
  { owner, repository: name, branch, token }: SessionRequest,
): Promise<Created> {
  const log = logUntil(gone);
  const session = await client.createSession({
    cloud: { repository: { owner, name, branch } },
    gitHubToken: token,
    availableTools: [],
    // The agent's start comes once, right behind the answer: a handler added later misses it.
    onEvent: (event) => log.add(event),
    // Left to people in Mission Control: the bot has no policy to answer by.
    onPermissionRequest: () => ({ kind: "no-result" }),
  });
  return { session, log, gone };
}

/** The session with its agent; null when that does not start in time. */
export async function whenReady(
  { session, log, gone }: Created,
  { withinMs, deliveryMs }: { readonly withinMs: number; readonly deliveryMs: number },
): Promise<CloudSession | null> {
  for (const event of await session.getEvents()) log.add(event);
  const checkedOut = await log.first(readyAgent, withinMs);
  if (checkedOut !== null)
    return createCloudSession({ session, log, checkedOut, gone, deliveryMs });
  if (!gone.aborted) await session.disconnect();
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
