import type { SessionCommandName } from "../command/table.ts";

/**
 * What can be sent to a task that has a session: people's commands, except that a retry is a task of its own; and
 * news, that a pull request was opened from the session's branch.
 */
export type SessionCommandType = Exclude<SessionCommandName, "retry"> | "pull_request";

/** One command to a task, written in its thread by somebody who may. */
export interface SessionCommand {
  readonly id: string;
  readonly taskId: string;
  readonly type: SessionCommandType;
  /** What `send` sends, what goes with an answer, or the address of a pull request. */
  readonly text: string;
  readonly requester: string;
}
