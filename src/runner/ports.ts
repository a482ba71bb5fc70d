import type { Allowance } from "../core/allowance.ts";
import type { CheckRun } from "../core/check-run.ts";
import type { Denial } from "../core/denial.ts";
import type { Failure, FailureCode } from "../core/failure.ts";
import type { Finding } from "../core/finding.ts";
import type { Membership } from "../core/gate.ts";
import type { Observation } from "../core/observation.ts";
import type { Order } from "../core/order.ts";
import type { Role } from "../core/role.ts";
import type { Author, Place, Survey } from "../core/survey.ts";
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
  /** The task that a thread's command is about: the newest with a kind, or the one whose id begins so. */
  find(thread: PullKey, idPrefix: string | null): Promise<Task | null>;
  /** The newest task of a thread that has a kind and is not settled; null when there is none. */
  findUnsettled(thread: PullKey): Promise<Task | null>;
  /** The other tasks of a task's subject that are not settled, or have set a label that is still there. */
  besides(task: Task): Promise<readonly Task[]>;
  /** Has a settled task whose session got its prompt moved again. Null when it is not one. */
  reopen(id: string, changes: TaskChanges): Promise<Task | null>;
  /** Records that a session is about to be created, if the limits leave room for it. */
  begin(
    task: Task,
    changes: TaskChanges,
    allowance: Allowance,
  ): Promise<
    | { readonly type: "begun"; readonly task: Task }
    | { readonly type: "refused"; readonly denial: Denial }
    | { readonly type: "lost" }
  >;
  /**
   * A claim holds only for a while: it is renewed as long as a task is being moved. False when somebody
   * else has claimed the task since.
   */
  renew(task: Task): Promise<boolean>;
  /** Keeps the claim, and gives up the place among the starts of its repository. */
  leavePlace(task: Task): Promise<void>;
  release(task: Task): Promise<void>;
}

/** What people have told tasks in their threads. */
export interface Orders {
  /** Orders that nobody has begun to carry out, oldest first; they are begun with this. */
  take(taskId: string): Promise<readonly Order[]>;
  /** Orders that somebody has begun to carry out, and of which nobody has told what came; oldest first. */
  begun(taskId: string): Promise<readonly Order[]>;
  /** The first order to stop the task that is not done, whether somebody has begun with it or not. */
  stopOf(taskId: string): Promise<Order | null>;
  /** What came of these is told: it is in the row of their task. */
  done(orderIds: readonly string[]): Promise<void>;
  /** Which of these tasks have orders waiting. */
  waiting(taskIds: readonly string[]): Promise<readonly string[]>;
  /** Repeating it is harmless: an order has the id of the task that its command made. */
  give(order: Order): Promise<void>;
}

type PullKey = Pick<Task, "repositoryId" | "subjectNumber">;

/** Which commits of forks maintainers have let Copilot work on. */
export interface Approvals {
  isApproved(pull: PullKey, commit: string): Promise<boolean>;
  approve(pull: PullKey, commit: string, by: Task): Promise<void>;
  /** The commit that the bot last asked an approval of, in this pull request; null if it never did. */
  askedAbout(pull: PullKey): Promise<string | null>;
}

export type Reaction = "eyes" | "confused";

/** What GitHub answered when it did not do what was asked. */
export interface GitHubTrouble {
  /**
   * `gone`: what was asked for is not there, or not for this App. `suspended`: an administrator has
   * suspended the installation. `not_permitted`: the App is not installed there, or lacks a permission.
   * `refused`: it will never be done, for another reason.
   */
  readonly type: "gone" | "suspended" | "not_permitted" | "refused" | "unreachable";
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

/** The runner's view of GitHub, as the App. Methods reject; `troubleOf` tells what a rejection means. */
export interface GitHub {
  /** Requester, repository, subject and policy files, as they are now. */
  survey(task: Task): Promise<Survey>;
  /** What somebody may do in the task's repository. */
  roleOf(task: Task, person: Author): Promise<Role>;
  /** What the requester is in a team. */
  membership(task: Task, organisation: string, team: string): Promise<Membership>;
  /** A branch of the task's repository; null when there is none of this name. */
  branch(task: Task, name: string): Promise<Place | null>;
  /** A text on the default branch of the repository, or of the organisation's `.github`. */
  text(task: Task, of: "repository" | "organisation", path: string): Promise<string | null>;
  /** On the command's comment, or on the subject itself. Repeating it is harmless. */
  react(task: Task, reaction: Reaction): Promise<void>;
  /** The id of the App's own comment with this marker, or null. */
  findComment(task: Task, marker: string): Promise<number | null>;
  createComment(task: Task, body: string): Promise<number>;
  updateComment(task: Task, commentId: number, body: string): Promise<void>;
  /** Repeating either is harmless. */
  addLabel(task: Task, label: string): Promise<void>;
  removeLabel(task: Task, label: string): Promise<void>;
  /** Writes a check run on a commit, anew or over the one with the id; its id. */
  writeCheckRun(task: Task, commit: string, id: number | null, run: CheckRun): Promise<number>;
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
  /** What the session may use. */
  readonly sessionLimits?: { readonly maxAiCredits?: number };
}

/** A cloud session whose agent has started. */
export interface CloudSession {
  readonly id: string;
  /** What the session says it has checked out; null where it says nothing. */
  readonly repository: string | null;
  readonly branch: string | null;
  /**
   * Sends nothing when the agent has a prompt already, or the prompt is not wanted any more: it asks
   * before it sends, each time. `unwatched`: nobody saw what came of it.
   */
  deliver(
    prompt: string,
    isWanted: () => Promise<boolean>,
  ): Promise<"delivered" | "unwatched" | "unwanted" | Failure>;
  /** The link that the session itself tells, or null when it does not within the time. */
  link(withinMs: number): Promise<string | null>;
  /**
   * Tells all that was observed so far, in the order of its time, and then what is observed: each
   * once, the late ones late. What it returns ends it.
   */
  observe(listener: (observation: Observation) => void): () => void;
  /** Aborted when nobody watches any more: the runtime is gone, or the bot let go of the session. */
  readonly lost: AbortSignal;
  /** Sends a follow-up, once. Delivered when it was seen in the session after it was sent. */
  say(text: string): Promise<"delivered" | "unwatched" | Failure>;
  /** Stops what the agent is doing; the session stays. */
  abort(): Promise<"aborted" | "unconfirmed" | "unreachable">;
  /** Answers a request of the agent's. `not_waiting`: nothing waits for this answer. */
  answer(
    requestId: string,
    answer: { readonly approved: boolean; readonly text?: string },
  ): Promise<"answered" | "not_waiting" | "unreachable">;
  /** Stops watching; the session goes on, and its requests are left to people in Mission Control. */
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
  readonly approvals: Approvals;
  readonly orders: Orders;
  /** Checks everything that the bot needs for a repository; creates nothing. */
  readonly doctor: (task: Task) => Promise<readonly Finding[]>;
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
  /** For following a session, from its link on; 0 follows none. */
  readonly followMs: number;
  /** For following a session because somebody has told it something. */
  readonly followAgainMs: number;
  /** For a session that is idle, before the bot no longer follows it. */
  readonly idleMs: number;
  /** Between two edits of one comment while its session is followed. */
  readonly editEveryMs: number;
  /** The most sessions that are followed at once. */
  readonly mostFollowed: number;
}
