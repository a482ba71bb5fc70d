import type { SessionRecords } from "./records.ts";

interface Sweeping {
  readonly records: SessionRecords;
  readonly live: {
    /** Whether a task's session has a runtime. */
    has(taskId: string): boolean;
    /** Ends it. */
    end(taskId: string): Promise<void>;
  };
  readonly remove: (taskId: string) => Promise<void>;
  /** Whether anything of a task is kept. */
  readonly isKept: (taskId: string) => Promise<boolean>;
  /** Of what was last at work before this, nothing is kept; in milliseconds since the epoch. */
  readonly before: number;
}

/** Removes the sessions of tasks that are gone, and those that haven't been used for long. */
export async function sweepSessions(sweeping: Sweeping): Promise<void> {
  const { records, live, remove, isKept, before } = sweeping;
  const errors: unknown[] = [];
  // One that can't be removed keeps no other one.
  const trying = (taskId: string) => remove(taskId).catch((error: unknown) => errors.push(error));
  for (const taskId of await records.writtenBefore(Infinity)) {
    if (await isKept(taskId)) continue;
    await live.end(taskId);
    await trying(taskId);
  }
  for (const taskId of await records.writtenBefore(before)) {
    if (!live.has(taskId)) await trying(taskId);
  }
  if (errors.length > 0) throw new AggregateError(errors, "not everything could be removed");
}
