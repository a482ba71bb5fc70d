/** Counts what goes on at once, for each of many. */
export interface Tally {
  /** Counts one more; gives what ends it. Null where there are as many as there may be. */
  begin(key: string): (() => void) | null;
}

/** A tally of at most so many at once for each. */
export function createTally(max: number): Tally {
  const counts = new Map<string, number>();
  return {
    begin(key) {
      const count = counts.get(key) ?? 0;
      if (count >= max) return null;
      counts.set(key, count + 1);
      return () => {
        const left = (counts.get(key) ?? 1) - 1;
        if (left > 0) counts.set(key, left);
        else counts.delete(key);
      };
    },
  };
}
