import type { Arrival } from "../core/actor/input.ts";
import type { Observation } from "../core/session/observation.ts";
import type { Failure } from "../core/task/failure.ts";
import type { SessionSetting } from "../core/task/session.ts";
import type { HostedControls } from "./hosted-controls.ts";

/** Which session is wanted, with whose token. */
export interface SessionRequest {
  readonly owner: string;
  readonly repository: string;
  readonly branch: string;
  readonly token: string;
  /** Whose token it is; null for the bot's own. */
  readonly userId?: number | null;
  /** When the token ends; ISO 8601. Null when it doesn't. */
  readonly usableUntil?: string | null;
  /** What the session may use. */
  readonly sessionLimits?: { readonly maxAiCredits?: number };
  /** Set once the agent has started, before its prompt. */
  readonly model?: string;
  readonly reasoningEffort?: string;
}

/** Whose Copilot a session uses. */
export type SessionUser = Pick<SessionRequest, "token" | "userId">;

/** A token, and the person whose it is or was. */
export interface PersonsToken {
  readonly userId: number;
  readonly token: string;
}

/**
 * What came of what was sent: it was seen to have arrived, it did not arrive, or nobody watches anymore,
 * because the runtime is gone or the bot disconnected from the session. `unconfirmed`: it may have arrived, or still arrive.
 */
export type Delivery = "delivered" | "unconfirmed" | "unwatched" | Failure;

/** An answer to what the agent asks for. */
export interface RequestAnswer {
  readonly approved: boolean;
  /** What goes with it: the answer to a question, the reason of a denial. */
  readonly text?: string;
}

/** A cloud session whose agent has started. */
export interface CloudSession {
  readonly id: string;
  /** What the session says it has checked out; null where it says nothing. */
  readonly repository: string | null;
  readonly branch: string | null;
  /** What was wanted of it when it was opened, and whether it took that. */
  readonly settings: readonly SessionSetting[];
  /** Whether it can be attached to again, after `detach` or in another process. */
  readonly canResume: boolean;
  /**
   * Sends the prompt, and once more when it certainly hasn't arrived. Sends nothing when the agent has a
   * prompt already.
   *
   * @param isWanted asked before each sending: whether the prompt is still to be sent
   */
  deliver(prompt: string, isWanted?: () => Promise<boolean>): Promise<Arrival>;
  /**
   * The first link to be trusted that the session itself reports, or null when it reports none within the
   * time.
   */
  link(withinMs: number): Promise<string | null>;
  /**
   * Passes on all that was observed so far, in the order of its time, and then what is observed: each
   * once, the late ones late.
   *
   * @returns ends it
   */
  observe(listener: (observation: Observation) => void): () => void;
  /**
   * Aborted when nobody watches anymore: the runtime is gone, or the bot disconnected from the session; with the reason
   * "token" when the token has ended with which it was watched.
   */
  readonly lost: AbortSignal;
  /** Aborted when another session needs the place of this one, which is idle: stop watching it soon. */
  readonly displaced: AbortSignal;
  /**
   * Sends a follow-up, and once more when it certainly hasn't arrived. Delivered means that Mission Control
   * has it: an agent that waits for an answer, or is in the middle of something, takes it when that is over;
   * an abort drops it.
   */
  say(text: string): Promise<Delivery>;
  /** Stops what the agent is doing; the session stays. */
  abort(): Promise<"aborted" | "unconfirmed" | "unreachable">;
  /**
   * Answers a request of the agent.
   *
   * `not_waiting`: nothing waits for this answer, because it is settled or was never asked.
   */
  answer(
    requestId: string,
    answer: RequestAnswer,
  ): Promise<"answered" | "not_waiting" | "unreachable">;
  /** False for a request that only people in Mission Control can answer. */
  canAnswer(requestId: string): boolean;
  /** Stops watching; the session continues, and its requests are left to people in Mission Control. */
  detach(): Promise<void>;
  /** What only sessions on machines of the administrator's can do; null for one in GitHub's cloud. */
  readonly hosted: HostedControls | null;
}

/** What came of asking for a session. */
export type Opening =
  | { readonly type: "started"; readonly session: CloudSession }
  /** `canAttach` is false where a session that was created can't be attached to later. */
  | { readonly type: "failed"; readonly failure: Failure; readonly canAttach?: boolean }
  /** The runtime is gone; the session is there, and may or may not have an agent. */
  | { readonly type: "lost"; readonly sessionId: string }
  /** The bot's timeout ended first: `end` is what comes of it after all. */
  | { readonly type: "late"; readonly failure: Failure; readonly end: Promise<Opening> };

/** Opens cloud sessions. Expected failures are values; a rejection is a defect. */
export interface Copilot {
  /** Its name, which a task records with its session: after a change of the settings, something else runs sessions. */
  readonly backend: string;
  open(request: SessionRequest): Promise<Opening>;
  /**
   * Whether this user's session could be opened now, without waiting for others; its place is kept for a while. If
   * not, others have to make room: ask again soon, which keeps the task's turn.
   */
  hasRoom(taskId: string, user: SessionUser): Promise<boolean>;
  /** Ends what keeps a token of somebody's for later sessions, if this is true of it. */
  endUnused(isOver: (token: PersonsToken) => Promise<boolean>): Promise<void>;
  /** An existing session, or null when it cannot be reached or its agent does not start. */
  attach(sessionId: string, request: SessionRequest): Promise<CloudSession | null>;
}
