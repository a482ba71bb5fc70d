import type { CopilotSession, SessionEvent } from "@github/copilot-sdk";
import pTimeout, { TimeoutError } from "p-timeout";
import type { SessionSetting } from "../../core/task/session.ts";
import type { Share } from "../../ports/hosted-controls.ts";
import type { LocalRequest, LocalSession } from "../../ports/local-sessions.ts";
import type { Expected } from "../cloud-session.ts";
import { createCloudSession } from "../cloud-session.ts";
import type { EventLog } from "../event-log.ts";
import { failureOfError } from "../refusal-of.ts";
import type { Requests } from "../requests.ts";
import type { createSharing } from "./share.ts";
import { usageOf } from "./usage.ts";

/** A session that the runtime has, with what it's used through. */
export interface OpenedSession {
  readonly request: LocalRequest;
  readonly session: CopilotSession;
  readonly log: EventLog;
  readonly requests: Requests;
  readonly settings: readonly SessionSetting[];
  readonly sharing: ReturnType<typeof createSharing>;
  readonly shared: Share | null;
  readonly wasInterrupted: boolean;
  readonly hasPrompt: boolean;
  readonly processId: number | null;
  /** Ends the runtime. */
  readonly stop: () => Promise<void>;
}

/** Nothing is between the bot and the runtime that could lose a message, or bring it late. */
const DIALECT = { arrivesMs: 30_000, canSendAgain: false, canAttach: true };
const NEVER = new AbortController().signal;

/** The session as the bot uses it. */
export function createLocalSession(opened: OpenedSession, expected: Expected): LocalSession {
  const { request, session, log, shared } = opened;
  // The bot has made the workspace itself; the runtime runs no git there.
  const checkedOut = {
    repository: `${request.owner}/${request.repository}`,
    branch: request.branch,
  };
  const started = { lease: { displaced: NEVER }, dialect: DIALECT, checkedOut };
  const common = createCloudSession({ ...opened, ...started, ...expected });
  return {
    ...common,
    ...opened.sharing,
    shared,
    wasInterrupted: opened.wasInterrupted,
    hasPrompt: opened.hasPrompt,
    processId: opened.processId,
    usage: () => usageOf(session),
    // One that isn't shared has no link to come.
    link: (withinMs) => common.link(shared?.type === "shared" ? withinMs : 0),
    async say(text) {
      if (log.closed.aborted) return "unwatched";
      try {
        // An agent that's busy takes it when it's done: then only the event would be late, not the message.
        await pTimeout(session.send({ prompt: text }), { milliseconds: expected.confirmMs });
        return "delivered";
      } catch (error) {
        if (error instanceof TimeoutError) return "unconfirmed";
        if (log.closed.aborted) return "unwatched";
        return { ...failureOfError(error), nothingCreated: false };
      }
    },
    async detach() {
      log.close();
      await opened.stop();
    },
  };
}

/**
 * Whether the agent was at work at the end of these events: it had a message and hadn't had its say, or had called
 * tools. Idleness isn't kept among the events.
 */
export function isUnfinished(events: readonly SessionEvent[]): boolean {
  const last = events.findLast(({ type }) => TURNS.has(type));
  if (last?.type === "assistant.message") return (last.data.toolRequests?.length ?? 0) > 0;
  return last?.type === "user.message";
}

const TURNS = new Set([
  "user.message",
  "assistant.message",
  "session.idle",
  "session.error",
  "abort",
]);
