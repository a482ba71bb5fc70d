import { PUSH_EVENTS } from "./pull-request-push.ts";

/** One attempt of GitHub to deliver a webhook, as `GET /app/hook/deliveries` lists it. */
export interface Attempt {
  /** The attempt's own id, in digits: github.com's are beyond what a number can hold. */
  readonly id: string;
  /** `X-GitHub-Delivery`: the same for every attempt. */
  readonly deliveryId: string;
  /** When it was made: ISO 8601, in UTC. */
  readonly at: string;
  /** Whether it was answered with 2xx. */
  readonly succeeded: boolean;
  /** `event.action`; the event alone where there is no action. */
  readonly event: string;
}

/** What the last round left behind. */
export interface RedeliveryProgress {
  /** Attempts before this time don't need another check; empty before the first round. */
  readonly cursor: string;
  /** The deliveries that were asked for again in the last round. */
  readonly asked: readonly string[];
}

/** What one round has to do. */
export interface Round {
  /** Ids of attempts to be repeated: those of pushes last, and else the oldest first. */
  readonly repeat: readonly string[];
  readonly progress: RedeliveryProgress;
}

interface Missing {
  readonly oldest: string;
  readonly newestId: string;
  readonly event: string;
}

/** What failed so often will fail again. */
const MAX_TRIES = 6;

/**
 * Which deliveries to ask for again: those of which no attempt succeeded, that are of events that the
 * bot reads, and that it does not know, oldest first. Nobody waits for a push as for a command: pushes, of which there
 * are many, come after all others. A delivery that was asked for in the last round is
 * left alone in this one, and stays in view: the cursor moves past nothing that is still missing.
 *
 * @param attempts those from the cursor on, newest first
 * @param known deliveries that made a task
 * @param most the most to ask for in one round
 */
export function planRound(
  attempts: readonly Attempt[],
  { cursor, asked }: RedeliveryProgress,
  { known, events, most }: { known: ReadonlySet<string>; events: readonly string[]; most: number },
): Round {
  const arrived = new Set(known);
  for (const { deliveryId, succeeded } of attempts) if (succeeded) arrived.add(deliveryId);
  // Sorting leaves those of one second as they come: reversed, the older ones first.
  const inOrder = attempts
    .toReversed()
    .toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const missing = new Map<string, Missing>();
  const tries = Map.groupBy(attempts, ({ deliveryId }) => deliveryId);
  for (const { id, deliveryId, at, event } of inOrder) {
    if ((tries.get(deliveryId)?.length ?? 0) >= MAX_TRIES) continue;
    if (arrived.has(deliveryId) || !events.includes(event)) continue;
    const { oldest = at } = missing.get(deliveryId) ?? {};
    missing.set(deliveryId, { oldest, newestId: id, event });
  }
  const due = [...missing]
    .filter(([deliveryId]) => !asked.includes(deliveryId))
    .toSorted(([, one], [, other]) => Number(isPush(one)) - Number(isPush(other)))
    .slice(0, most);
  const [oldestMissing] = missing.values();
  return {
    repeat: due.map(([, { newestId }]) => newestId),
    progress: {
      cursor: oldestMissing?.oldest ?? inOrder.at(-1)?.at ?? cursor,
      asked: due.map(([deliveryId]) => deliveryId),
    },
  };
}

/** A pull request that was opened may also be a task's: this event is more than a push. */
function isPush({ event }: Missing): boolean {
  return event !== "pull_request.opened" && PUSH_EVENTS.includes(event);
}
