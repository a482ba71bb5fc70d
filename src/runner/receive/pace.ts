import { LRUCache } from "lru-cache";

/** So many commands in so many milliseconds. */
const MAX_COMMANDS = 30;
const WINDOW_MS = 60_000;

/** Of so many people the commands are counted. */
const MAX_PEOPLE = 10_000;

/** How fast people give commands on pages, in this process: GitHub bounds only those in threads. */
export interface Pace {
  /** Whether a person may give another one now, which counts from then on. */
  allows(personId: number): boolean;
}

/** Nobody has given any yet. */
export function createPace(now: () => Date): Pace {
  const counts = new LRUCache<number, number>({
    max: MAX_PEOPLE,
    ttl: WINDOW_MS,
    ttlResolution: 0,
    // The time begins with a person's first command.
    noUpdateTTL: true,
    perf: { now: () => now().getTime() },
  });
  return {
    allows(personId) {
      const count = counts.get(personId) ?? 0;
      if (count >= MAX_COMMANDS) return false;
      counts.set(personId, count + 1);
      return true;
    },
  };
}
