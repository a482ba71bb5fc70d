import type { Allowance } from "../core/access/allowance.ts";
import type { Denial } from "../core/task/denial.ts";
import type { Denied } from "../core/access/stranger.ts";
import type { NewestTasks } from "../core/task/meant-task.ts";
import type { Lane, Task, TaskPlace, ThreadKey } from "../core/task/task.ts";
import type { Reopening } from "../core/task/transitions/following.ts";
import type { Undelivered } from "../core/task/undelivered.ts";
import type { Trigger } from "../core/webhook/trigger.ts";

/** What came of asking for a task. */
export type Claim =
  | { readonly type: "claimed"; readonly task: Task }
  /** Somebody else moves it, or its repository has enough sessions being started. */
  | { readonly type: "busy"; readonly why: "leased" | "repository" }
  /** Nothing is left to do, or there is no such task. */
  | { readonly type: "settled" };

/** Who moves which task. A claim holds for a while, and as long as it is renewed. */
export interface Claims {
  /**
   * Takes a task. Raises `attempt`, so that writes under earlier claims change nothing. For the lane
   * `start` only while fewer than the most sessions of its repository are being started.
   */
  claim(id: string, lane: Lane): Promise<Claim>;
  /** False when somebody else has claimed the task since. */
  renew(task: Task): Promise<boolean>;
  /** Renews the claim, and gives up the place among the starts of its repository. */
  renewWithoutSlot(task: Task): Promise<boolean>;
  release(task: Task): Promise<void>;
}

/** The tasks of issues and pull requests, as people's commands find them. */
export interface ThreadTasks {
  /** Those that a thread's command may be about when it names none. */
  newest(thread: ThreadKey): Promise<NewestTasks>;
  /** The tasks of a thread whose ids begin so, newest first, those too that start nothing. */
  findNamed(thread: ThreadKey, idPrefix: string): Promise<readonly Task[]>;
  /** The newest tasks of a thread that start sessions, newest first. */
  list(thread: ThreadKey): Promise<readonly Task[]>;
  /** The other tasks of a task's subject that are not settled, or have set a label that is still there. */
  siblingTasks(task: Task): Promise<readonly Task[]>;
  /** The other refusals in a task's repository since then (ISO 8601), newest first. */
  refusals(task: Task, since: string): Promise<readonly Denied[]>;
}

/** What came of asking to start a session. */
export type Start =
  | { readonly type: "begun"; readonly task: Task }
  | { readonly type: "refused"; readonly denial: Denial }
  /** As many run in the repository as may: the task waits for its place. */
  | { readonly type: "full"; readonly task: Task }
  /** Somebody else has claimed the task since. */
  | { readonly type: "lost" };

/** What came of recording that a task tries a failed one again. */
export type RetryRecord =
  | { readonly type: "recorded"; readonly task: Task }
  /** Another task does already. */
  | { readonly type: "retried"; readonly by: Task }
  /** Somebody else has claimed the task since. */
  | { readonly type: "lost" };

/** The repository whose waiting tasks are asked for. */
export interface InRepository extends Pick<TaskPlace, "ownerId" | "repositoryId"> {
  /** How many sessions may run there at once, where the policy was just read; null is no limit. */
  readonly atOnce?: number | null;
}

/**
 * The tasks, as whoever moves them needs them. What is audited is written in the transaction that changes a
 * task. Every method rejects when the database does.
 */
export interface Tasks extends Claims, ThreadTasks {
  /** A task as it is now, whoever moves it. */
  get(id: string): Promise<Task | null>;
  /**
   * Writes what a transition has changed, under a claim: only what differs. Null when somebody else has claimed the
   * task since.
   */
  record(before: Task, after: Task): Promise<Task | null>;
  /**
   * Records that a task tries a failed one again, unless another one does: of several at once, only one is recorded.
   *
   * @param retrying the task as it's to be
   */
  recordRetry(task: Task, retrying: Task): Promise<RetryRecord>;
  /** Has a settled task whose session got its prompt moved again; null when it is not one. */
  reopen(id: string, reopening: Reopening): Promise<Task | null>;
  /** Gives a settled task the session's own link and reopens it; false when it isn't one that needs it. */
  correctLink(id: string, linkUrl: string): Promise<boolean>;
  /** Settled tasks with only the documented link, whose session started at or after this time (ISO 8601). */
  withoutLink(startedSince: string): Promise<readonly Task[]>;
  /**
   * Records that a session is about to be created, if the limits leave room for it, or that the task waits.
   *
   * @param requested the task as it is when its session is asked for
   */
  begin(task: Task, requested: Task, allowance: Allowance): Promise<Start>;
  /**
   * The tasks for which there may be a place among the sessions of their repository, first come first; those of
   * one repository, or of all.
   */
  startable(only?: InRepository): Promise<readonly Pick<Task, "id" | "updatedAt">[]>;
}

/** A task that is to be processed, and who asked for it where. */
export interface TaskOrigin {
  readonly id: string;
  readonly ownerId: number;
  readonly requesterId: number;
}

/** The tasks, as whoever takes them in and looks after them needs them. */
export interface TaskStore extends Tasks {
  /**
   * Writes a queued task for a trigger. Null when the same event, or a task for the same label that has
   * not begun, is there already: a duplicate is success. Durable when it resolves.
   */
  insert(trigger: Trigger): Promise<Task | null>;
  /** Ends the claims of a process that is gone; only where no other can have any. */
  releaseAll(): Promise<void>;
  /**
   * The ids of the tasks that the bot still has to do with, whose time has come and which nobody
   * moves, oldest first.
   *
   * @param untouchedMs only those that nobody has written to for so long
   */
  waiting(untouchedMs?: number): Promise<string[]>;
  /** The same, with who asked for each. */
  waitingTasks(untouchedMs?: number): Promise<TaskOrigin[]>;
  /**
   * Deletes tasks that were settled before this, with their keys and commands, and what is known of
   * deliveries that old; gives the number of tasks.
   */
  prune(before: Date): Promise<number>;
  /** Tasks that wait for GitHub to grant what it refuses, of one repository or (null) of all. */
  undelivered(repository: Pick<TaskPlace, "owner" | "repository"> | null): Promise<Undelivered>;
  /** Commits a small write; rejects with the database's reason when tasks can't be stored. */
  checkWrite(): Promise<void>;
}
