import { setTimeout as sleep } from "node:timers/promises";
import pTimeout from "p-timeout";
import type { Attempt, Progress } from "../core/recovery.ts";
import { planRound } from "../core/recovery.ts";
import type { Log } from "./ports.ts";

/** What recovery needs from outside. */
export interface RecoveryPorts {
  readonly deliveries: {
    attemptsSince(time: string): Promise<Attempt[]>;
    repeat(attemptId: string): Promise<void>;
  };
  readonly store: {
    /** How far recovery has come; null when another replica is at it. */
    begin(): Promise<Progress | null>;
    end(progress: Progress): Promise<void>;
    /** Ends a round that broke off: the next may begin where it began. */
    release(): Promise<void>;
    /** Which of these deliveries made a task. */
    known(deliveryIds: readonly string[]): Promise<Set<string>>;
  };
  readonly log: Log;
  /** The `event.action`s that the bot reads. */
  readonly events: readonly string[];
  /** Between two requests for a delivery, in milliseconds: GitHub wants a second between writes. */
  readonly pauseMs: number;
}

const MOST_A_ROUND = 60;

/** One round of asking GitHub again for webhooks that it could not deliver: it never does by itself. */
export async function recoverDeliveries(ports: RecoveryPorts, signal: AbortSignal): Promise<void> {
  const { store } = ports;
  const before = await store.begin();
  if (before === null) return;
  try {
    await store.end(await askAgain(ports, before, signal));
  } catch (error) {
    await store.release();
    throw error;
  }
}

async function askAgain(
  { deliveries, store, log, events, pauseMs }: RecoveryPorts,
  before: Progress,
  signal: AbortSignal,
): Promise<Progress> {
  // A GitHub that is away is asked again for a while, and a bot that is stopped need not wait for that.
  const asking = deliveries.attemptsSince(before.cursor);
  const attempts = await pTimeout(asking, { milliseconds: Infinity, signal });
  const known = await store.known(attempts.map(({ deliveryId }) => deliveryId));
  const { repeat, progress } = planRound(attempts, before, { known, events, most: MOST_A_ROUND });
  for (const attemptId of repeat) {
    await deliveries.repeat(attemptId);
    await sleep(pauseMs, undefined, { signal });
  }
  if (repeat.length > 0) log.info({ count: repeat.length }, "missed deliveries asked for again");
  return progress;
}
