/** Sleep that can be ended from outside. */
export interface Signal {
  /** Ends the sleep; while nobody sleeps, the next one ends at once. */
  raise(): void;
  /** Resolves when it is raised, or after the time. */
  wait(ms: number): Promise<void>;
}

/** Timers take no more. */
const MAX_TIMER_MS = 2_147_483_647;

export function createSignal(): Signal {
  let isRaised = false;
  let end: (() => void) | null = null;
  return {
    raise() {
      isRaised = true;
      end?.();
    },
    async wait(ms) {
      if (!isRaised) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(ms, MAX_TIMER_MS)).unref();
          end = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      end = null;
      isRaised = false;
    },
  };
}
