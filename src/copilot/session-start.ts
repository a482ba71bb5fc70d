import type { CopilotSession } from "@github/copilot-sdk";
import type { CloudSession, SessionRequest } from "../ports/copilot.ts";
import type { Expected } from "./cloud-session.ts";
import { createCloudSession } from "./cloud-session.ts";
import type { Dialect } from "./dialect.ts";
import type { EventLog } from "./event-log.ts";
import { createEventLog } from "./event-log.ts";
import type { RuntimeLease } from "./lease.ts";
import type { Requests } from "./requests.ts";
import type { WantedSettings } from "./session-settings.ts";
import { applySettings } from "./session-settings.ts";
import { readyAgent } from "./signs.ts";

/** A session that may not have an agent yet, with the events that came so far. */
export interface Created {
  readonly lease: RuntimeLease;
  readonly dialect: Dialect;
  readonly session: CopilotSession;
  readonly log: EventLog;
  readonly requests: Requests;
  /** What it's to be set to, and until when its token can be used. */
  readonly wanted: WantedSettings & Pick<SessionRequest, "usableUntil">;
}

/** Has a session created. Rejects with the runtime's refusal, and releases the lease then. */
export async function createSession(
  lease: RuntimeLease,
  dialect: Dialect,
  request: SessionRequest,
): Promise<Created> {
  const { owner, repository: name, branch, token, sessionLimits } = request;
  const log = logOf(lease);
  const requests = dialect.createRequests(log);
  try {
    const session = await lease.client.createSession({
      cloud: { repository: { owner, name, branch } },
      ...dialect.optionsFor(token),
      availableTools: [],
      // The agent's start comes once, right behind the answer: a handler added later misses it.
      onEvent: (event) => log.add(event),
      ...requests.options,
      ...(sessionLimits === undefined ? {} : { sessionLimits }),
    });
    return { lease, dialect, session, log, requests, wanted: request };
  } catch (error) {
    log.close();
    throw error;
  }
}

type Waiting = { readonly withinMs: number } & Expected;

/** The session with its agent; null when that does not start in time. Without a session the log, and its lease, end. */
export async function whenReady(created: Created, waiting: Waiting): Promise<CloudSession | null> {
  try {
    return await readySession(created, waiting);
  } catch (error) {
    created.log.close();
    throw error;
  }
}

async function readySession(
  created: Created,
  { withinMs, ...expected }: Waiting,
): Promise<CloudSession | null> {
  const { session, log, requests } = created;
  const past = await session.getEvents();
  requests.takePast(() => {
    for (const event of past) log.add(event);
  });
  const checkedOut = await log.first(readyAgent, withinMs);
  if (checkedOut !== null) {
    const settings = await applySettings(session, created.wanted);
    endWithToken(created);
    return createCloudSession({ ...created, checkedOut, settings, ...expected });
  }
  const isGone = log.closed.aborted;
  log.close();
  if (!isGone) await session.disconnect();
  return null;
}

/** A timer that's set for longer than about 25 days fires at once. */
const MAX_TIMER_MS = 2_147_483_647;

/** With its token a session can't be watched any longer: whoever watches it reaches it again, with a new one. */
export function endWithToken({
  session,
  log,
  wanted: { usableUntil = null },
}: Pick<Created, "session" | "log" | "wanted">): void {
  if (usableUntil === null) return;
  const end = () => {
    log.close("token");
    void session.disconnect().catch(() => {});
  };
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    const leftMs = Math.max(0, Date.parse(usableUntil) - Date.now());
    const next = leftMs > MAX_TIMER_MS ? wait : end;
    timer = setTimeout(next, Math.min(leftMs, MAX_TIMER_MS)).unref();
  };
  wait();
  log.closed.addEventListener("abort", () => clearTimeout(timer), { once: true });
}

/** A log that ends with the runtime process, and with which the lease ends. */
export function logOf(lease: RuntimeLease): EventLog {
  const log = createEventLog();
  const close = (why?: "token") => {
    // A runtime outlives its sessions: what it holds would never be freed.
    lease.gone.removeEventListener("abort", whenGone);
    log.close(why);
    lease.release();
  };
  const whenGone = () => close();
  lease.gone.addEventListener("abort", whenGone);
  lease.idle(() => log.restingSince());
  return { ...log, close };
}
