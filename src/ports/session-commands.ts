import type { SessionCommand } from "../core/session/session-command.ts";

/** Commands to tasks, from their threads and their pages. Every method rejects when the database does. */
export interface SessionCommands {
  /** Commands that nobody has begun to execute, oldest first; they are begun with this. */
  take(taskId: string): Promise<readonly SessionCommand[]>;
  /** Commands that somebody has begun to execute, and of which nobody has reported the result; oldest first. */
  begun(taskId: string): Promise<readonly SessionCommand[]>;
  /** The first command to stop the task that is not done, whether somebody has begun with it or not. */
  stopOf(taskId: string): Promise<SessionCommand | null>;
  /** The result of these is reported: it is in the row of their task. */
  done(orderIds: readonly string[]): Promise<void>;
  /** Which of these tasks have commands waiting. */
  waiting(taskIds: readonly string[]): Promise<readonly string[]>;
  /**
   * Settled tasks whose session got its prompt, and that have commands waiting which were given at or after this time
   * (ISO 8601): nobody takes these.
   */
  left(since: string): Promise<readonly string[]>;
  /** Repeating it is harmless: a command has the id of the task that it made. */
  give(sessionCommand: SessionCommand): Promise<void>;
}
