import pTimeout from "p-timeout";
import type { Failure } from "../core/failure.ts";
import { failureOf } from "../core/refusal.ts";
import { attachSession } from "./attachment.ts";
import type { CloudSession } from "./cloud-session.ts";
import { refusalOf } from "./refusal-of.ts";
import { createRequests } from "./requests.ts";
import type { RunningRuntime, Runtime } from "./runtime.ts";
import type { SessionRequest } from "./session-start.ts";
import { createSession, logUntil, whenReady } from "./session-start.ts";

/** What came of asking for a session. */
export type Opening =
  | { readonly type: "started"; readonly session: CloudSession }
  | { readonly type: "failed"; readonly failure: Failure }
  | { readonly type: "lost"; readonly sessionId: string }
  | { readonly type: "late"; readonly failure: Failure; readonly end: Promise<Opening> };

/** How long to wait, in milliseconds. */
export interface Limits {
  /** For the agent to start, before the task is said to have failed. */
  readonly startMs: number;
  /** For the agent to start after all, from the creation on. */
  readonly lateStartMs: number;
  /** For a prompt to be seen to have arrived. */
  readonly deliveryMs: number;
  /** For an agent to be seen to have stopped, or a request to be settled; 30 seconds unless told. */
  readonly confirmMs?: number;
}

interface CopilotLog {
  warn(fields: object, message: string): void;
}

/** Opens cloud sessions on the runtime. */
export interface Copilot {
  open(request: SessionRequest): Promise<Opening>;
  /** A session that exists, or null when it cannot be reached or its agent does not start. */
  attach(sessionId: string, request: SessionRequest): Promise<CloudSession | null>;
}

/** Copilot over a runtime. */
export function createCopilot(runtime: Runtime, limits: Limits, log: CopilotLog): Copilot {
  return {
    async open(request) {
      let running: RunningRuntime;
      try {
        running = await runtime.running();
      } catch (error) {
        const message = `the runtime does not start: ${refusalOf(error).message}`;
        return failed({ code: "runtime_crashed", message, nothingCreated: true });
      }
      if (runtime.status().cloudSessions === false) return failed(UNSUPPORTED);
      if (isTooLittle(request)) return failed(TOO_LITTLE);
      return open(running, request, limits);
    },
    async attach(sessionId, { token }) {
      try {
        return await attach(await runtime.running(), sessionId, token, limits);
      } catch (err) {
        // Experimental, and with many ways to fail; all of them mean that people have to look.
        log.warn({ sessionId, err }, "the session cannot be reached again");
        return null;
      }
    },
  };
}

async function attach(
  { client, gone }: RunningRuntime,
  sessionId: string,
  token: string,
  limits: Limits,
): Promise<CloudSession | null> {
  const log = logUntil(gone);
  try {
    const requests = createRequests(log);
    const session = await attachSession({
      client,
      sessionId,
      token,
      onEvent: (event) => log.add(event),
      handlers: requests.handlers,
    });
    return await whenReady({ session, log, requests }, waits(limits, limits.startMs));
  } catch (error) {
    log.close();
    throw error;
  }
}

async function open(
  running: RunningRuntime,
  request: SessionRequest,
  limits: Limits,
): Promise<Opening> {
  let sessionId: string | undefined;
  const start = async (): Promise<Opening> => {
    try {
      const created = await createSession(running, request);
      ({ sessionId } = created.session);
      const session = await whenReady(created, waits(limits, limits.lateStartMs));
      if (session !== null) return { type: "started", session };
      if (running.gone.aborted) return { type: "lost", sessionId };
      return failed(timedOut(limits, sessionId));
    } catch (error) {
      return failed(failureOf(refusalOf(error)));
    }
  };
  const end = start();
  const opening = await pTimeout(end, { milliseconds: limits.startMs, fallback: () => null });
  return opening ?? { type: "late", failure: timedOut(limits, sessionId), end };
}

function waits({ deliveryMs, confirmMs = 30_000 }: Limits, withinMs: number) {
  return { withinMs, deliveryMs, confirmMs };
}

const UNSUPPORTED: Failure = {
  code: "runtime_unsupported",
  message: "the runtime does not know cloud sessions",
  nothingCreated: true,
};

/** The runtime refuses less, when it has created the session already. */
const LEAST_AI_CREDITS = 30;

const TOO_LITTLE: Failure = {
  code: "unknown",
  message: `the runtime takes no limit below ${LEAST_AI_CREDITS} AI credits`,
  nothingCreated: true,
};

function isTooLittle({ sessionLimits }: SessionRequest): boolean {
  return (sessionLimits?.maxAiCredits ?? LEAST_AI_CREDITS) < LEAST_AI_CREDITS;
}

function failed(failure: Failure): Opening {
  return { type: "failed", failure };
}

function timedOut({ startMs }: Limits, sessionId: string | undefined): Failure {
  return {
    code: "start_timed_out",
    message: `no agent within ${startMs} ms`,
    nothingCreated: false,
    ...(sessionId === undefined ? {} : { sessionId }),
  };
}
