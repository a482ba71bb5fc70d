import type { TaskOrigin } from "./tasks.ts";

/** What the pages need to know of a task that waits until its requester has connected. */
export interface WaitingTask {
  readonly id: string;
  readonly requesterId: number;
  readonly requesterLogin: string;
  /** The issue or pull request, e.g. `octo-org/hello#1`, and its page. */
  readonly subject: string;
  readonly url: string;
  readonly isWaiting: boolean;
}

/** Tasks that wait until their requester has connected their Copilot. */
export interface WaitingPeople {
  /** Null when there's no such task. */
  find(taskId: string): Promise<WaitingTask | null>;
  /** Has all tasks that wait for this person processed again; gives their number. */
  connected(userId: number): Promise<number>;
}

/** Whose tasks in which thread. */
export interface InThread {
  readonly repositoryId: number;
  readonly subjectNumber: number;
  readonly requesterId: number;
}

/** The tasks that wait until their requester has connected their Copilot, as they're kept. */
export interface WaitingRequesters {
  /**
   * Whether it's for this task to ask the person in this thread: no other one does. Then it's about to have a comment.
   *
   * @param at when; ISO 8601
   */
  claimAsking(taskId: string, where: InThread, at: string): Promise<boolean>;
  /** Everybody whom a task waits for, though there's a connection, good or not. */
  connectedIds(): Promise<readonly number[]>;
  /** Lets all tasks that wait for this person be processed now. */
  wake(requesterId: number): Promise<readonly TaskOrigin[]>;
  /** Lets tasks be processed that rest behind another one's comment, where that one waits no longer. */
  wakeUnasked(): Promise<readonly TaskOrigin[]>;
}
