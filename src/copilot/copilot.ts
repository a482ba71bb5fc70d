import pTimeout from "p-timeout";
import type { Failure } from "../core/task/failure.ts";
import type { GitHubHosts } from "../core/github/hosts.ts";
import { GITHUB_COM } from "../core/github/hosts.ts";
import type { CloudSession, Copilot, Opening, SessionRequest } from "../ports/copilot.ts";
import type { Log } from "../ports/log.ts";
import type { Timeouts } from "../ports/timeouts.ts";
import type { Tracing } from "../ports/tracing.ts";
import { NO_TRACING } from "../ports/tracing.ts";
import { attachSession } from "./attachment.ts";
import type { Dialect } from "./dialect.ts";
import { DIALECTS } from "./dialect.ts";
import { createLinkReader } from "./link-reader.ts";
import { failureOfError, refusalOf } from "./refusal-of.ts";
import type { RuntimeLease } from "./lease.ts";
import type { Runtimes } from "./runtimes.ts";
import type { Created } from "./session-start.ts";
import { createSession, logOf, whenReady } from "./session-start.ts";
import { traceSession } from "./traced-session.ts";

type SessionTimeouts = Pick<Timeouts, "startMs" | "lateStartMs" | "deliveryMs" | "confirmMs">;

/** Copilot over its runtimes; `hosts` are those of the GitHub that the repositories are on. */
export function createCopilot(
  runtimes: Pick<Runtimes, "running" | "lease" | "hasRoom" | "endUnused">,
  timeouts: SessionTimeouts,
  log: Pick<Log, "warn">,
  hosts: GitHubHosts = GITHUB_COM,
  tracing: Pick<Tracing, "span"> = NO_TRACING,
): Copilot {
  const parts = { timeouts, hosts, tracing, linkReader: createLinkReader(hosts, log) };
  return {
    backend: "cloud",
    async open(request) {
      let lease: RuntimeLease;
      try {
        lease = await runtimes.lease(request);
      } catch (error) {
        const message = `the runtime does not start: ${refusalOf(error).message}`;
        return failed({ code: "runtime_crashed", message, nothingCreated: true });
      }
      const refusal =
        lease.family === null ? UNSUPPORTED : isTooLittle(request) ? TOO_LITTLE : null;
      if (lease.family !== null && refusal === null) {
        return open(lease, DIALECTS[lease.family], request, parts);
      }
      lease.release();
      return failed(refusal ?? UNSUPPORTED);
    },
    hasRoom: (taskId, user) => runtimes.hasRoom(taskId, user),
    endUnused: (isOver) => runtimes.endUnused(isOver),
    async attach(sessionId, request) {
      try {
        const family = await runtimes.running();
        const dialect = family === null ? null : DIALECTS[family];
        if (dialect?.canAttach === true) {
          return await attach(await runtimes.lease(request), dialect, sessionId, request, parts);
        }
        log.warn({ sessionId }, "this runtime can't reach an existing session");
        return null;
      } catch (err) {
        // Experimental, and with many ways to fail; all of them mean that people have to look.
        log.warn({ sessionId, err }, "session can't be reached");
        return null;
      }
    },
  };
}

interface Parts {
  readonly timeouts: SessionTimeouts;
  readonly hosts: GitHubHosts;
  readonly tracing: Pick<Tracing, "span">;
  readonly linkReader: ReturnType<typeof createLinkReader>;
}

async function attach(
  lease: RuntimeLease,
  dialect: Dialect,
  sessionId: string,
  wanted: SessionRequest,
  parts: Parts,
): Promise<CloudSession | null> {
  const log = logOf(lease);
  try {
    const requests = dialect.createRequests(log);
    const reach = () =>
      attachSession({
        client: lease.client,
        sessionId,
        token: wanted.token,
        onEvent: (event) => log.add(event),
        options: requests.options,
        host: parts.hosts.accounts,
      });
    const session = await parts.tracing.span("copilot attach", reach, { kind: "client" });
    const created = { lease, dialect, session, log, requests, wanted };
    return await tracedWhenReady(created, parts, parts.timeouts.startMs);
  } catch (error) {
    log.close();
    throw error;
  }
}

async function open(
  lease: RuntimeLease,
  dialect: Dialect,
  request: SessionRequest,
  parts: Parts,
): Promise<Opening> {
  const { timeouts, tracing } = parts;
  const { canAttach } = dialect;
  let sessionId: string | undefined;
  const start = async (): Promise<Opening> => {
    try {
      const create = () => createSession(lease, dialect, request);
      const created = await tracing.span("copilot create", create, { kind: "client" });
      ({ sessionId } = created.session);
      const session = await tracedWhenReady(created, parts, timeouts.lateStartMs);
      if (session !== null) return { type: "started", session };
      if (lease.gone.aborted) return { type: "lost", sessionId };
      return failed(timedOut(timeouts, sessionId), canAttach);
    } catch (error) {
      return failed(failureOfError(error), canAttach);
    }
  };
  const end = start();
  const opening = await pTimeout(end, { milliseconds: timeouts.startMs, fallback: () => null });
  return opening ?? { type: "late", failure: timedOut(timeouts, sessionId), end };
}

async function tracedWhenReady(
  created: Created,
  parts: Parts,
  withinMs: number,
): Promise<CloudSession | null> {
  const { tracing } = parts;
  const ready = () => whenReady(created, waits(parts, withinMs));
  const session = await tracing.span("copilot ready", ready, { kind: "client" });
  return session === null ? null : traceSession(session, tracing);
}

function waits({ timeouts, linkReader }: Parts, withinMs: number) {
  const { deliveryMs, confirmMs } = timeouts;
  return { withinMs, deliveryMs, confirmMs, linkReader };
}

const UNSUPPORTED: Failure = {
  code: "runtime_unsupported",
  message: "the runtime does not know cloud sessions",
  nothingCreated: true,
};

/** The runtime refuses less, when it has created the session already. */
const MIN_AI_CREDITS = 30;

const TOO_LITTLE: Failure = {
  code: "unknown",
  message: `the runtime takes no limit below ${MIN_AI_CREDITS} AI credits`,
  nothingCreated: true,
};

function isTooLittle({ sessionLimits }: SessionRequest): boolean {
  return (sessionLimits?.maxAiCredits ?? MIN_AI_CREDITS) < MIN_AI_CREDITS;
}

function failed(failure: Failure, canAttach = true): Opening {
  return { type: "failed", failure, ...(canAttach ? {} : { canAttach }) };
}

function timedOut({ startMs }: SessionTimeouts, sessionId: string | undefined): Failure {
  return {
    code: "start_timed_out",
    message: `no agent within ${startMs} ms`,
    nothingCreated: false,
    ...(sessionId === undefined ? {} : { sessionId }),
  };
}
