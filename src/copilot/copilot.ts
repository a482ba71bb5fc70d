import type { CopilotClient } from "@github/copilot-sdk";
import type { Failure } from "../core/failure.ts";
import { failureOf } from "../core/refusal.ts";
import type { CloudSession } from "./cloud-session.ts";
import { createCloudSession } from "./cloud-session.ts";
import { createEventLog } from "./event-log.ts";
import { refusalOf } from "./refusal-of.ts";
import type { Runtime } from "./runtime.ts";
import { readyAgent } from "./signs.ts";

/** Which session is wanted, with whose token. */
export interface SessionRequest {
  readonly owner: string;
  readonly repository: string;
  readonly branch: string;
  readonly token: string;
}

/** What came of asking for a session. */
export type Opening =
  | { readonly type: "started"; readonly session: CloudSession }
  | { readonly type: "failed"; readonly failure: Failure }
  | {
      readonly type: "late";
      readonly failure: Failure;
      readonly session: Promise<CloudSession | null>;
    };

/** How long to wait, in milliseconds. */
export interface Limits {
  /** For the agent to start, before the task is said to have failed. */
  readonly startMs: number;
  /** For the agent to start after all, from the creation on. */
  readonly lateStartMs: number;
  /** For a prompt to be seen to have arrived. */
  readonly deliveryMs: number;
}

/** Opens cloud sessions on the runtime. */
export interface Copilot {
  open(request: SessionRequest): Promise<Opening>;
  attach(sessionId: string, request: SessionRequest): Promise<CloudSession | null>;
}

/** Copilot over a runtime. */
export function createCopilot(runtime: Runtime, limits: Limits): Copilot {
  /** Null when the agent never starts; rejects with the runtime's refusal. */
  async function create(
    client: CopilotClient,
    request: SessionRequest,
    created: (sessionId: string) => void,
  ): Promise<CloudSession | null> {
    const { owner, repository: name, branch, token } = request;
    const log = createEventLog();
    const session = await client.createSession({
      cloud: { repository: { owner, name, branch } },
      gitHubToken: token,
      availableTools: [],
      // The agent's start comes once, right behind the answer: a handler added later misses it.
      onEvent: (event) => log.add(event),
      // Left to the user in Mission Control: the bot has no policy to answer by.
      onPermissionRequest: () => ({ kind: "no-result" }),
    });
    created(session.sessionId);
    for (const event of await session.getEvents()) log.add(event);
    const checkedOut = await log.first(readyAgent, limits.lateStartMs);
    if (checkedOut !== null) {
      return createCloudSession({ session, log, checkedOut, deliveryMs: limits.deliveryMs });
    }
    await session.disconnect();
    return null;
  }

  async function race(client: CopilotClient, request: SessionRequest): Promise<Opening> {
    let sessionId: string | undefined;
    const outcome = create(client, request, (id) => (sessionId = id)).then(
      (session): Opening =>
        session === null ? failed(timedOut(limits, sessionId)) : { type: "started", session },
      (error: unknown): Opening => failed(failureOf(refusalOf(error))),
    );
    const { promise: patience, resolve } = Promise.withResolvers<null>();
    const timer = setTimeout(() => resolve(null), limits.startMs);
    const opening = await Promise.race([outcome, patience]);
    clearTimeout(timer);
    if (opening !== null) return opening;
    const late = outcome.then((end) => (end.type === "started" ? end.session : null));
    return { type: "late", failure: timedOut(limits, sessionId), session: late };
  }

  return {
    async open(request) {
      let client: CopilotClient;
      try {
        client = await runtime.client();
      } catch (error) {
        const message = `the runtime does not start: ${refusalOf(error).message}`;
        return failed({ code: "runtime_crashed", message, nothingCreated: true });
      }
      return runtime.status().cloudSessions === false ? failed(UNSUPPORTED) : race(client, request);
    },
    async attach() {
      return Promise.resolve(null);
    },
  };
}

const UNSUPPORTED: Failure = {
  code: "runtime_unsupported",
  message: "the runtime does not know cloud sessions",
  nothingCreated: true,
};

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
