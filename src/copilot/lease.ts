import type { RunningRuntime } from "./process.ts";

/** A session's place on a runtime process, from before its creation until nobody watches it. */
export interface RuntimeLease extends RunningRuntime {
  /** Aborted when somebody else waits for the place of a session that is idle: disconnect from it. */
  readonly displaced: AbortSignal;
  /** Says how to find out since when the session is idle, in milliseconds since the epoch; null: it isn't. */
  idle(since: () => number | null): void;
  /** The process may end, as far as this session is concerned. Repeating it changes nothing. */
  release(): void;
}

/** A lease as the one who gave it sees it. */
export interface Held {
  readonly displaced: AbortController;
  idleSince: () => number | null;
  release(): void;
}

/** A new entry among the held ones, which takes itself out when it's released. */
export function hold(all: Set<Held>, onRelease: () => void): Held {
  const held: Held = {
    displaced: new AbortController(),
    idleSince: () => null,
    release() {
      if (all.delete(held)) onRelease();
    },
  };
  all.add(held);
  return held;
}

/** What the session gets. */
export function leaseOf(held: Held, running: RunningRuntime): RuntimeLease {
  return {
    ...running,
    displaced: held.displaced.signal,
    idle(since) {
      held.idleSince = since;
    },
    release: () => held.release(),
  };
}
