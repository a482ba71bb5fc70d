import { setTimeout as sleep } from "node:timers/promises";
import pTimeout from "p-timeout";
import type { RedeliveryProgress } from "../core/webhook/redelivery.ts";
import { planRound } from "../core/webhook/redelivery.ts";
import type { Deliveries, Recovery } from "../ports/deliveries.ts";
import type { Log } from "../ports/log.ts";
import { startRounds } from "./lease/rounds.ts";

/** What recovery needs from outside. */
export interface RecoveryPorts {
  readonly deliveries: Deliveries;
  readonly store: Recovery;
  readonly log: Log;
  /** The `event.action`s that the bot reads. */
  readonly events: readonly string[];
  /** Between two requests for a delivery, in milliseconds: GitHub wants a second between writes. */
  readonly pauseMs: number;
  /** Between two renewals of the round, in milliseconds. */
  readonly renewMs: number;
}

const MAX_PER_ROUND = 60;

/** One round of asking GitHub again for webhooks that it could not deliver: it never does by itself. */
export async function recoverDeliveries(ports: RecoveryPorts, signal: AbortSignal): Promise<void> {
  const { store, log, renewMs } = ports;
  const round = await store.begin();
  if (round === null) return;
  const lost = new AbortController();
  const renewals = startRounds(
    async () => {
      if (!(await round.renew())) lost.abort(new Error("another replica has begun a round"));
    },
    { everyMs: renewMs, log, name: "renewal of the recovery" },
  );
  try {
    const ending = AbortSignal.any([signal, lost.signal]);
    const progress = await askAgain(ports, round.before, ending);
    await renewals.stop();
    await round.end(progress);
  } catch (error) {
    await renewals.stop();
    // While the database is away, the round ends by itself.
    await round.release().catch(() => {});
    throw error;
  }
}

async function askAgain(
  { deliveries, store, log, events, pauseMs }: RecoveryPorts,
  before: RedeliveryProgress,
  signal: AbortSignal,
): Promise<RedeliveryProgress> {
  // A GitHub that is away is asked again for a while, and a bot that is stopped need not wait for that.
  const asking = deliveries.attemptsSince(before.cursor);
  const attempts = await pTimeout(asking, { milliseconds: Infinity, signal });
  const known = await store.known(attempts.map(({ deliveryId }) => deliveryId));
  const { repeat, progress } = planRound(attempts, before, { known, events, most: MAX_PER_ROUND });
  let count = 0;
  for (const attemptId of repeat) {
    if (await deliveries.repeat(attemptId)) count += 1;
    else log.warn({ attemptId }, "GitHub can't repeat a missed delivery");
    await sleep(pauseMs, undefined, { signal });
  }
  if (count > 0) log.info({ count }, "missed deliveries requested again");
  return progress;
}
