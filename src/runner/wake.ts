/** Sleep that can be ended from outside. */
export interface Wake {
  /** Ends the sleep; while nobody sleeps, the next one ends at once. */
  up(): void;
  /** Resolves when called, or after the time. */
  within(ms: number): Promise<void>;
}

/** Timers take no more. */
const LONGEST_MS = 2_147_483_647;

export function createWake(): Wake {
  let called = false;
  let end: (() => void) | null = null;
  return {
    up() {
      called = true;
      end?.();
    },
    async within(ms) {
      if (!called) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(ms, LONGEST_MS)).unref();
          end = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      end = null;
      called = false;
    },
  };
}
