/** Waits that are looked at again whenever something happened. */
export interface Watch {
  /** Something happened: look again. */
  readonly changed: () => void;
  /** Resolves as soon as the condition holds; rejects after the limit, or when the watch is closed. */
  readonly until: (holds: () => boolean, timeLimitMs: number) => Promise<void>;
  /** Rejects every wait that is still open. */
  readonly close: () => void;
}

interface Wait {
  readonly holds: () => boolean;
  readonly settle: (failure?: Error) => void;
}

/** Begins with no waits; `seen` describes the state in the message of a wait that failed. */
export function createWatch(seen: () => string): Watch {
  const waits = new Set<Wait>();

  function until(holds: () => boolean, timeLimitMs: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const wait: Wait = {
      holds,
      settle(failure) {
        clearTimeout(timer);
        waits.delete(wait);
        if (failure === undefined) resolve();
        else reject(failure);
      },
    };
    const timer = setTimeout(() => {
      wait.settle(new Error(`It did not happen within ${timeLimitMs} ms. Seen: ${seen()}`));
    }, timeLimitMs);
    waits.add(wait);
    look(wait);
    return promise;
  }

  return {
    until,
    changed() {
      for (const wait of waits) look(wait);
    },
    close() {
      for (const wait of waits) wait.settle(new Error("Mission Control's fake was closed."));
    },
  };
}

function look({ holds, settle }: Wait): void {
  try {
    if (holds()) settle();
  } catch (error) {
    settle(new Error("The condition could not be checked.", { cause: error }));
  }
}
