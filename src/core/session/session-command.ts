import type { SessionCommandName } from "../command/table.ts";

/**
 * What can be sent to a task that has a session: people's commands, except that a retry is a task of its own; and
 * news, that a pull request was opened from the session's branch.
 */
export type SessionCommandType = Exclude<SessionCommandName, "retry"> | "pull_request";

/** Who has given a command, and where. */
export interface CommandGiver {
  readonly requester: string;
  /** With a button of the task's page; null, or left out, where it was in the thread. */
  readonly place?: "page" | null;
}

/** The most characters that are sent to a session at once. */
export const MAX_COMMAND_TEXT = 4_000;

/** One command to a task, given in its thread or on its page by somebody who may. */
export interface SessionCommand extends CommandGiver {
  readonly id: string;
  readonly taskId: string;
  readonly type: SessionCommandType;
  /** What `send` sends, what goes with an answer, or the address of a pull request. */
  readonly text: string;
}
