import { setTimeout as sleep } from "node:timers/promises";
import type { Attempt, Progress } from "../core/recovery.ts";
import { planRound } from "../core/recovery.ts";
import type { Log } from "./ports.ts";

/** What recovery needs from outside. */
export interface RecoveryPorts {
  readonly deliveries: {
    attemptsAfter(cursor: number): Promise<Attempt[]>;
    repeat(attemptId: number): Promise<void>;
  };
  readonly store: {
    progress(): Promise<Progress>;
    saveProgress(progress: Progress): Promise<void>;
    /** Which of these deliveries made a task. */
    known(deliveryIds: readonly string[]): Promise<Set<string>>;
  };
  readonly log: Log;
}

/** When recovery works, in milliseconds. */
export interface RecoveryPace {
  readonly everyMs: number;
  /** Between two requests for a delivery: GitHub wants a second between writes. */
  readonly pauseMs: number;
}

/** Fetches the webhooks that GitHub could not deliver: GitHub itself never tries again. */
export interface Recovery {
  stop(): Promise<void>;
}

const MOST_A_ROUND = 100;

/**
 * Starts to recover, at once and then every few minutes.
 *
 * @param events the `event.action`s that the bot reads
 */
export function startRecovery(
  { deliveries, store, log }: RecoveryPorts,
  events: readonly string[],
  { everyMs, pauseMs }: RecoveryPace,
): Recovery {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function round(): Promise<void> {
    const before = await store.progress();
    const attempts = await deliveries.attemptsAfter(before.cursor);
    const known = await store.known(attempts.map(({ deliveryId }) => deliveryId));
    const { repeat, progress } = planRound(attempts, before, { known, events, most: MOST_A_ROUND });
    for (const attemptId of repeat) {
      await deliveries.repeat(attemptId);
      await sleep(pauseMs, undefined, { signal });
    }
    await store.saveProgress(progress);
    if (repeat.length > 0) log.info({ count: repeat.length }, "missed deliveries asked for again");
  }

  async function work(): Promise<void> {
    while (!signal.aborted) {
      try {
        await round();
      } catch (err) {
        if (!signal.aborted) log.warn({ err }, "missed deliveries could not be looked for");
      }
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  const working = work();
  return {
    async stop() {
      stopping.abort();
      await working;
    },
  };
}
