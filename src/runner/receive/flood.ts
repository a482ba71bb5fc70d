import type { Task } from "../../core/task/task.ts";

/** Who is refused again and again, in this process. */
export interface Flood {
  /** A request was refused without a comment. */
  note(task: Task): void;
  /** Whether this person was refused here so often that GitHub isn't asked about them again for now. */
  isFrom(task: Task): boolean;
}

/** So many refusals in so many milliseconds. */
const MAX_REFUSALS = 10;
const WINDOW_MS = 600_000;

/** Floods, by person and repository. */
export function createFlood(now: () => Date): Flood {
  /** When the latest refusals were, in milliseconds since the epoch; who was refused last is last. */
  const refusals = new Map<string, readonly number[]>();

  function forgetOld(since: number): void {
    for (const [key, times] of refusals) {
      if ((times.at(-1) ?? 0) > since) return;
      refusals.delete(key);
    }
  }

  return {
    note(task) {
      const at = now().getTime();
      const key = keyOf(task);
      const times = [...(refusals.get(key) ?? []), at].slice(-MAX_REFUSALS);
      refusals.delete(key);
      refusals.set(key, times);
      forgetOld(at - WINDOW_MS);
    },
    isFrom(task) {
      const times = refusals.get(keyOf(task)) ?? [];
      const since = now().getTime() - WINDOW_MS;
      return times.length >= MAX_REFUSALS && (times[0] ?? 0) > since;
    },
  };
}

function keyOf({ place, requester }: Task): string {
  return `${place.repositoryId} ${requester.id}`;
}
