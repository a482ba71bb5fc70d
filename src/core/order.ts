/** What people can tell a task that has a session. */
export type OrderType =
  | "stop"
  | "send"
  | "approve"
  | "deny"
  | "status"
  | "resume"
  /** Nobody's order, but news: a pull request was opened from the session's branch. */
  | "pull_request";

/** One order to a task, written in its thread by somebody who may. */
export interface Order {
  readonly id: string;
  readonly taskId: string;
  readonly type: OrderType;
  /** What `send` sends, what goes with an answer, or the address of a pull request. */
  readonly text: string;
  readonly requester: string;
}
