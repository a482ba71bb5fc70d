/** What a task is moved for: the quick look at the requester, or the start of its session. */
export type Lane = "receive" | "start";

/** What is next for a task: its start, nothing, or another look after a while. */
export type Next = "start" | "done" | { readonly afterMs: number; readonly lane?: Lane };

/** Who moves the tasks. */
export interface Work {
  receive(taskId: string): Promise<Next>;
  start(taskId: string): Promise<Next>;
}

/** The part of a log that a queue uses. */
export interface QueueLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Says who looks at which task when; the rows say what is to be done. */
export interface Queue {
  look(taskId: string): void;
  /** Takes nothing new, and resolves when the running steps have ended or the time is over. */
  stop(graceMs: number): Promise<void>;
}

/** After a step that broke off, in milliseconds. */
export const AFTER_DEFECT_MS = 30_000;
