import type { Asked } from "./asking.ts";
import type { Hosting } from "./hosting.ts";

/**
 * Why the bot no longer follows a session: it is over, it was idle for long, the time for following is
 * over, others needed the room, the bot cannot reach it, the token ended with which it was watched, or its requester has disconnected their Copilot.
 */
export type Unfollowed =
  | "over"
  | "idle"
  | "time"
  | "room"
  | "unreachable"
  | "token"
  | "disconnected";

/** Where people find a session. */
export interface SessionLink {
  readonly url: string;
  /** `session`: reported by the session itself; `documented`: built from the documented pattern. */
  readonly source: "session" | "documented";
}

/** What the policy wanted of a session, and whether the session confirmed it. */
export interface SessionSetting {
  readonly name: "model" | "reasoning_effort";
  readonly value: string;
  readonly isTaken: boolean;
}

/** The prompt, and how far it has come. The text isn't kept. */
export interface TaskPrompt {
  /** SHA-256 of the prompt. */
  readonly digest: string | null;
  /** What of the subject's text the prompt does not show, in a sentence; null when it shows all. */
  readonly leftOut: string | null;
  readonly intentAt: string | null;
  readonly deliveredAt: string | null;
}

/** What was seen of a session. */
export interface SeenProgress {
  /** The agent's last words, as it said them. */
  readonly said: string | null;
  /** What went wrong, in the session's own words. */
  readonly failure: string | null;
  /** What the agent waits for, oldest first. */
  readonly asking: readonly Asked[];
  /** Addresses of pull requests. */
  readonly pulls: readonly string[];
  /** When any of this last changed. */
  readonly seenAt: string | null;
  /** What came of the last command to the task. One line of Markdown. */
  readonly note: string | null;
}

/** How far a task's session has come: an intent before each effect outside, its result after it. */
export interface TaskSession {
  readonly intentAt: string | null;
  /** What runs it: only that can reach it. Null while nobody has asked for it, and of a task of before this was recorded. */
  readonly backend: string | null;
  readonly id: string | null;
  readonly startedAt: string | null;
  /** What the session says it has checked out (`context` of `session.start`). */
  readonly repository: string | null;
  readonly branch: string | null;
  /** Whether the bot can reach the session again after it has stopped following it. */
  readonly canResume: boolean;
  readonly settings: readonly SessionSetting[];
  readonly prompt: TaskPrompt;
  readonly link: SessionLink | null;
  /** Where and how it runs on a machine of the administrator's; null for a session in GitHub's cloud. */
  readonly hosting: Hosting | null;
  /** Until then at most the bot follows the session; null before its link is posted, and after. */
  readonly followUntil: string | null;
  readonly unfollowed: Unfollowed | null;
  readonly progress: SeenProgress;
}

/**
 * Whether people learn how a session is: of one in the cloud with its link, of one on a machine of the administrator's as
 * soon as it has started, because there may never be a link.
 */
export function isShownToPeople({ link, hosting, startedAt }: TaskSession): boolean {
  return link !== null || (hosting !== null && startedAt !== null);
}

/** Whether the machine of the administrator's that a session runs on isn't reached. */
export function isAway({ hosting }: Pick<TaskSession, "hosting">): boolean {
  return hosting !== null && hosting.awaySince !== null;
}

/** Whether a session is to be seen and steered on GitHub, as far as the bot knows. */
export function isOnGitHub({ link, hosting }: Pick<TaskSession, "link" | "hosting">): boolean {
  return hosting === null || link !== null;
}

/** A session that nobody has asked for yet. */
export const NO_SESSION: TaskSession = {
  intentAt: null,
  backend: null,
  id: null,
  startedAt: null,
  repository: null,
  branch: null,
  canResume: true,
  settings: [],
  prompt: { digest: null, leftOut: null, intentAt: null, deliveredAt: null },
  link: null,
  hosting: null,
  followUntil: null,
  unfollowed: null,
  progress: { said: null, failure: null, asking: [], pulls: [], seenAt: null, note: null },
};
