import type { Failure, FailureCode } from "../core/failure.ts";
import type { Facts } from "../core/gate.ts";
import type { Passage } from "../core/prompt.ts";
import type { Lane, Task, TaskChanges } from "../core/task.ts";

/** The runner's view of the database. */
export interface Tasks {
  claim(
    id: string,
    lane: Lane,
  ): Promise<
    | { readonly type: "claimed"; readonly task: Task }
    | { readonly type: "busy"; readonly why: "leased" | "repository" }
    | { readonly type: "settled" }
  >;
  record(task: Task, changes: TaskChanges): Promise<Task | null>;
  /** A claim holds only for a while: it is renewed as long as a task is being moved. */
  renew(task: Task): Promise<void>;
  /** Keeps the claim, and gives up the place among the starts of its repository. */
  leavePlace(task: Task): Promise<void>;
  release(task: Task): Promise<void>;
}

export type Reaction = "eyes" | "confused";

/** What GitHub answered when it did not do what was asked. */
export interface GitHubTrouble {
  /** `gone`: what was asked for is not there, or not for this App. `refused`: it will never be done. */
  readonly type: "gone" | "refused" | "unreachable";
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

/** The runner's view of GitHub, as the App. Methods reject; `troubleOf` tells what a rejection means. */
export interface GitHub {
  facts(task: Task): Promise<Facts>;
  /** Title, body, last comments and changed files of the subject, as they are now. */
  passages(task: Task): Promise<Passage[]>;
  /** On the command's comment, or on the subject itself. Repeating it is harmless. */
  react(task: Task, reaction: Reaction): Promise<void>;
  /** The id of the App's own comment with this marker, or null. */
  findComment(task: Task, marker: string): Promise<number | null>;
  createComment(task: Task, body: string): Promise<number>;
  updateComment(task: Task, commentId: number, body: string): Promise<void>;
  /** Null for an error that is not GitHub's: a defect. */
  troubleOf(error: unknown): GitHubTrouble | null;
}

/** Whose Copilot a session uses. */
export interface Identities {
  identityFor(requester: { login: string; id: number }): Promise<{ token: string }>;
  /** What GitHub itself says is wrong with a token that Copilot refused; null when it does not tell. */
  diagnose(request: SessionRequest): Promise<FailureCode | null>;
}

export interface SessionRequest {
  readonly owner: string;
  readonly repository: string;
  readonly branch: string;
  readonly token: string;
}

/** A cloud session whose agent has started. */
export interface CloudSession {
  readonly id: string;
  /** What the session says it has checked out; null where it says nothing. */
  readonly repository: string | null;
  readonly branch: string | null;
  /** Sends nothing when the agent has a prompt already. `unwatched`: nobody saw what came of it. */
  deliver(prompt: string): Promise<"delivered" | "unwatched" | Failure>;
  /** The link that the session itself tells, or null when it does not within the time. */
  link(withinMs: number): Promise<string | null>;
  /** Stops watching; the session goes on. */
  detach(): Promise<void>;
}

/** What came of asking for a session. */
export type Opening =
  | { readonly type: "started"; readonly session: CloudSession }
  | { readonly type: "failed"; readonly failure: Failure }
  /** The runtime is gone; the session is there, and may or may not have an agent. */
  | { readonly type: "lost"; readonly sessionId: string }
  /** Our patience ended first: `end` tells what comes of it after all. */
  | { readonly type: "late"; readonly failure: Failure; readonly end: Promise<Opening> };

/** The runner's view of Copilot. Expected failures are values; a rejection is a defect. */
export interface Copilot {
  open(request: SessionRequest): Promise<Opening>;
  /** An existing session, or null when this runtime cannot reach it. */
  attach(sessionId: string, request: SessionRequest): Promise<CloudSession | null>;
}

/** The part of a pino logger that the runner uses. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Everything that the runner needs from outside. */
export interface Ports {
  readonly tasks: Tasks;
  readonly github: GitHub;
  readonly identities: Identities;
  readonly copilot: Copilot;
  readonly log: Log;
  /** Aborted when the bot begins to stop. */
  readonly stopping: AbortSignal;
  /** Has a task looked at again. */
  readonly lookAgain: (taskId: string) => void;
  readonly now: () => Date;
  /** From 0 to 1. */
  readonly chance: () => number;
  /** 128 random bits in hexadecimal. */
  readonly nonce: () => string;
  /** SHA-256 in hexadecimal. */
  readonly digest: (text: string) => string;
}

/** How long the runner waits for what may come late, in milliseconds. */
export interface Patience {
  /** Before a task is looked at again that somebody else moves, or whose repository is busy. */
  readonly busyMs: number;
  /** Between two renewals of a claim. */
  readonly renewMs: number;
  /** For an agent to start after all, behind a comment that says that it is late. */
  readonly lateStartMs: number;
  /** For the session to tell its link, before the documented one is posted. */
  readonly linkGraceMs: number;
  /** For the session to tell its link after the documented one was posted. */
  readonly linkWatchMs: number;
  /** For the prompt to arrive, before the comment says that it is not there yet. */
  readonly promptNoticeMs: number;
  /** Before the thread is tried again, when GitHub is away. */
  readonly reportAgainMs: number;
  /** Before the first retry; later ones wait longer. */
  readonly firstRetryMs: number;
}
