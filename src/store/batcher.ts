import { setImmediate } from "node:timers/promises";

/** Collects what comes at the same time, so that it can be done together. */
export interface Batcher<Item> {
  add(item: Item): void;
  isEmpty(): boolean;
  /** Takes the first ones, as many as come together; to be called when there are some. */
  take(): Promise<Item[]>;
}

/**
 * For how long the first of many waits for the others, in milliseconds: who was just answered sends the next
 * webhook a moment later, and would else be alone, every other time.
 */
const MAX_WAIT_MS = 4;

/** Those who came together longer ago than this, in milliseconds, are not expected again. */
const RECENT_MS = 100;

/** A batcher of so many at the most. */
export function createBatcher<Item>(most: number): Batcher<Item> {
  const waiting: Item[] = [];
  let last = { count: 0, at: -Infinity };
  let onArrival: (() => void) | null = null;

  /** Resolves when a turn of the event loop brought no other, or as many are there as may be. */
  async function turnsOver(): Promise<void> {
    let before = 0;
    while (before < waiting.length && waiting.length < most) {
      before = waiting.length;
      await setImmediate();
    }
  }

  /** Resolves when so many are there, or when these do not come. */
  async function expect(count: number): Promise<void> {
    if (waiting.length >= count) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, MAX_WAIT_MS);
    onArrival = () => {
      if (waiting.length >= count) resolve();
    };
    await promise;
    clearTimeout(timer);
    onArrival = null;
    await turnsOver();
  }

  return {
    add(item) {
      waiting.push(item);
      onArrival?.();
    },
    isEmpty: () => waiting.length === 0,
    async take() {
      await turnsOver();
      if (performance.now() - last.at < RECENT_MS) await expect(last.count / 2);
      const taken = waiting.splice(0, most);
      last = { count: taken.length, at: performance.now() };
      return taken;
    },
  };
}
