/** One attempt of GitHub to deliver a webhook, as `GET /app/hook/deliveries` lists it. */
export interface Attempt {
  /** The attempt's own number; it grows with time. */
  readonly id: number;
  /** `X-GitHub-Delivery`: the same for every attempt. */
  readonly deliveryId: string;
  /** Whether it was answered with 2xx. */
  readonly succeeded: boolean;
  /** `event.action`. */
  readonly event: string;
}

/** What the last round left behind. */
export interface Progress {
  /** Attempts up to this one need not be looked at any more. */
  readonly cursor: number;
  /** The deliveries that were asked for again in the last round. */
  readonly asked: readonly string[];
}

/** What one round has to do. */
export interface Round {
  /** Ids of attempts to be repeated, oldest first. */
  readonly repeat: readonly number[];
  readonly progress: Progress;
}

/**
 * Which deliveries to ask for again: those of which no attempt succeeded, that are of events that the
 * bot reads, and that it does not know, oldest first. A delivery that was asked for in the last round is
 * left alone in this one, and stays in view: the cursor moves past nothing that is still missing.
 *
 * @param attempts those after the cursor, in any order
 * @param known deliveries that made a task
 * @param most the most to ask for in one round
 */
export function planRound(
  attempts: readonly Attempt[],
  { cursor, asked }: Progress,
  { known, events, most }: { known: ReadonlySet<string>; events: readonly string[]; most: number },
): Round {
  const arrived = new Set(known);
  for (const { deliveryId, succeeded } of attempts) if (succeeded) arrived.add(deliveryId);
  const missing = new Map<string, { oldest: number; newest: number }>();
  for (const { id, deliveryId, event } of attempts.toSorted((one, other) => one.id - other.id)) {
    if (arrived.has(deliveryId) || !events.includes(event)) continue;
    const { oldest = id } = missing.get(deliveryId) ?? {};
    missing.set(deliveryId, { oldest, newest: id });
  }
  const due = [...missing].filter(([deliveryId]) => !asked.includes(deliveryId)).slice(0, most);
  const seen = attempts.reduce((highest, { id }) => Math.max(highest, id), cursor);
  const oldestMissing = Math.min(...[...missing.values()].map(({ oldest }) => oldest));
  return {
    repeat: due.map(([, { newest }]) => newest),
    progress: {
      cursor: Math.min(seen, oldestMissing - 1),
      asked: due.map(([deliveryId]) => deliveryId),
    },
  };
}
