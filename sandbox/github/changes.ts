/** Lets a story wait for what happens, without polling. */
export interface Changes {
  /** Says that something happened. */
  readonly announce: () => void;
  /** Waits until the predicate is true; rejects with the predicate and a description when it is late. */
  readonly until: (
    predicate: Predicate,
    timeLimitMs: number,
    describe: () => string,
  ) => Promise<void>;
}

/** What a story waits for. */
export type Predicate = () => boolean | Promise<boolean>;

/** Makes the signal that requests and deliveries announce. */
export function createChanges(): Changes {
  let next = Promise.withResolvers<void>();

  function announce(): void {
    next.resolve();
    next = Promise.withResolvers();
  }

  async function until(predicate: Predicate, timeLimitMs: number, describe: () => string) {
    const limit = Promise.withResolvers<"late">();
    const timer = setTimeout(() => limit.resolve("late"), timeLimitMs);
    try {
      for (;;) {
        // Taken before the predicate looks, so that nothing that happens meanwhile is missed.
        const happened = next.promise;
        if ((await Promise.race([Promise.resolve(predicate()), limit.promise])) === true) return;
        if ((await Promise.race([happened, limit.promise])) === "late") break;
      }
    } finally {
      clearTimeout(timer);
    }
    throw new Error(`Not within ${timeLimitMs} ms: ${predicate.toString()}\n${describe()}`);
  }

  return { announce, until };
}
