import type { Task } from "../../core/task/task.ts";

/** For how long GitHub is asked for nothing for a task, after it has refused something. */
export interface Cooldown {
  /** Begins now, and lasts for so long. */
  begin(task: Task, ms: number): void;
  /** In milliseconds since the epoch; not in the future when something may be written to GitHub. */
  until(task: Task): number;
  /** How many milliseconds are left; 0 when something may be written to GitHub. */
  leftMs(task: Task): number;
}

/** Kept in memory alone: for a task that nobody follows the row has it too. */
export function createCooldown(now: () => Date): Cooldown {
  const ends = new Map<string, number>();
  const until = ({ id }: Task) => ends.get(id) ?? 0;
  return {
    until,
    leftMs: (task) => Math.max(0, until(task) - now().getTime()),
    begin({ id }, ms) {
      const at = now().getTime();
      for (const [other, end] of ends) if (end <= at) ends.delete(other);
      ends.set(id, at + ms);
    },
  };
}
