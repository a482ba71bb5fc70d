import type { Lane } from "../core/task/task.ts";

/** What is next for a task: its start, nothing, or another look after a while. */
export type Next = "start" | "done" | { readonly afterMs: number; readonly lane?: Lane };

/** Who moves the tasks. */
export interface Work {
  receive(taskId: string): Promise<Next>;
  start(taskId: string): Promise<Next>;
}

/** Who asked for a task, and whose repository it is in: nobody waits for what others have asked for in bulk. */
export interface Origin {
  readonly ownerId: number | string;
  readonly requesterId: number | string;
}

/** Decides which task is processed when; the rows say what to do. */
export interface Queue {
  /** @param origin left out where the bot itself enqueues the task: it waits for nobody then */
  process(taskId: string, origin?: Origin): void;
  /** Takes nothing new, and resolves when the running steps have ended or the time is over. */
  stop(graceMs: number): Promise<void>;
}
