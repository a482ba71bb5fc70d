import type { Task } from "../core/task.ts";
import type { GitHubTrouble } from "./ports.ts";

/** For how long GitHub wants to hear nothing of a task: it says so when there were too many writes. */
export interface Quiet {
  /** Heeds what GitHub said of it, if it did. */
  heed(task: Task, trouble: GitHubTrouble): void;
  /** In milliseconds since the epoch; not in the future when GitHub may be told something. */
  until(task: Task): number;
  /** How many milliseconds are left; 0 when GitHub may be told something. */
  leftMs(task: Task): number;
}

/** Kept in memory alone: after a restart GitHub says it again. */
export function createQuiet(now: () => Date): Quiet {
  const ends = new Map<string, number>();
  const until = ({ id }: Task) => ends.get(id) ?? 0;
  return {
    until,
    leftMs: (task) => Math.max(0, until(task) - now().getTime()),
    heed({ id }, { retryAfterSeconds = 0 }) {
      const at = now().getTime();
      for (const [other, end] of ends) if (end <= at) ends.delete(other);
      if (retryAfterSeconds > 0) ends.set(id, at + retryAfterSeconds * 1_000);
    },
  };
}
