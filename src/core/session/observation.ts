import type { Asking } from "../task/asking.ts";

/** What was seen to happen in a session. */
export type Observation = {
  /**
   * The same for the same happening, however often it is reported, where the session names it (a message,
   * a request, a pull request); else the event's id, which is another one after each attachment.
   */
  readonly id: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
} & Happening;

/** What happened. */
export type Happening =
  /** The agent is at it: a turn, a tool. */
  | { readonly type: "working" }
  /** Words of the agent for people. Strangers' words may be in them. */
  | { readonly type: "said"; readonly text: string }
  /** Nothing is to be done until somebody writes. */
  | { readonly type: "idle" }
  | { readonly type: "completed"; readonly summary: string | null }
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "aborted" }
  /** The worker is gone. The reason is `routine` or `error`. */
  | { readonly type: "ended"; readonly reason: string }
  | { readonly type: "asked"; readonly requestId: string; readonly asking: Asking }
  /** The request is settled, by whomever. */
  | { readonly type: "answered"; readonly requestId: string }
  /** A pull request's address came up. GitHub knows whether it's the session's own. */
  | { readonly type: "pull_request"; readonly url: string }
  /** The session reports where it is, which may come late. Nothing is said about whether the link can be trusted. */
  | { readonly type: "link"; readonly url: string };
