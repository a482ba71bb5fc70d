import type { PgBoss } from "pg-boss";
import type { Lane } from "../core/task/task.ts";

/** For what PostgreSQL did not say and the lane's own looks did not find. */
const POLLING = { pollingIntervalSeconds: 30, notifyPollingIntervalSeconds: 30, batchSize: 1 };

/** Between two looks of a lane for jobs that have become due, in milliseconds. */
const LOOK_MS = 1_000;

/** What is in the queue. */
export interface Job {
  readonly taskId: string;
  /** How far it stands behind others. */
  readonly rank?: number;
  /** When it's due, in milliseconds since the epoch; an earlier version didn't say. */
  readonly dueAt?: number;
}

interface Options {
  readonly boss: PgBoss;
  readonly lane: Lane;
  readonly places: number;
  /** Of the places, those that take only jobs of at least this priority. */
  readonly reserved?: { readonly places: number; readonly minPriority: number };
  /** Is awaited for each job; where it rejects, pg-boss puts the job back. */
  readonly step: (job: Job) => Promise<void>;
}

/**
 * Opens a lane with so many places, each with a worker of pg-boss, which takes its next job only when it is
 * notified that it can. PostgreSQL notifies all of them of a new job. For those that become due one of them looks
 * every second, and who finds one notifies the next: a place costs nothing while it is empty.
 *
 * @returns ends the looks
 */
export async function openLane({
  boss,
  lane,
  places,
  reserved,
  step,
}: Options): Promise<() => void> {
  const waiting = new Set<string>();
  function notifyOne(): void {
    const [worker] = waiting;
    if (worker === undefined) return;
    // In turn: one whose query hangs must not keep the others asleep.
    waiting.delete(worker);
    waiting.add(worker);
    boss.notifyWorker(worker);
  }
  for (let place = 0; place < places; place += 1) {
    const isReserved = reserved !== undefined && place < reserved.places;
    const taken = isReserved ? { minPriority: reserved.minPriority } : {};
    const options = { ...POLLING, ...taken };
    const id: string = await boss.work<Job>(lane, options, async ([job]) => {
      waiting.delete(id);
      notifyOne();
      try {
        if (job !== undefined) await step(job.data);
      } finally {
        waiting.add(id);
        boss.notifyWorker(id);
      }
    });
    waiting.add(id);
  }
  const looks = setInterval(notifyOne, LOOK_MS).unref();
  return () => clearInterval(looks);
}
