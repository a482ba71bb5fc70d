import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../../ports/log.ts";

/** Work that is done again and again until it is stopped. */
export interface Rounds {
  /** Resolves when the last round has ended. */
  stop(): Promise<void>;
}

/** Does the work at once and then again after each pause. A round that fails is logged; the next comes. */
export function startRounds(
  work: (signal: AbortSignal) => Promise<void>,
  { everyMs, log, name }: { everyMs: number; log: Log; name: string },
): Rounds {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        await work(signal);
      } catch (err) {
        if (!signal.aborted) log.warn({ err, round: name }, "periodic job failed");
      }
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
