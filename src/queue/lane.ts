import type { PgBoss } from "pg-boss";
import type { Lane } from "./queue.ts";

/** For what PostgreSQL did not say and the lane's own looks did not find. */
const POLLING = { pollingIntervalSeconds: 30, notifyPollingIntervalSeconds: 30, batchSize: 1 };

/** Between two looks of a lane for jobs that have become due, in milliseconds. */
const LOOK_MS = 1_000;

/**
 * Opens a lane with so many places, each with a worker of pg-boss, which takes its next job only when it is
 * told that it may. PostgreSQL wakes all of them for a new job. For those that become due one of them looks
 * every second, and who finds one wakes the next: a place costs nothing while it is empty.
 *
 * @param step is awaited for each job; where it rejects, pg-boss puts the job back
 * @returns ends the looks
 */
export async function openLane(
  boss: PgBoss,
  lane: Lane,
  places: number,
  step: (taskId: string) => Promise<void>,
): Promise<() => void> {
  const waiting = new Set<string>();
  function wakeOne(): void {
    const [worker] = waiting;
    if (worker === undefined) return;
    // In turn: one whose query hangs must not keep the others asleep.
    waiting.delete(worker);
    waiting.add(worker);
    boss.notifyWorker(worker);
  }
  for (let place = 0; place < places; place += 1) {
    const id: string = await boss.work<{ taskId: string }>(lane, POLLING, async ([job]) => {
      waiting.delete(id);
      wakeOne();
      try {
        if (job !== undefined) await step(job.data.taskId);
      } finally {
        waiting.add(id);
        boss.notifyWorker(id);
      }
    });
    waiting.add(id);
  }
  const looks = setInterval(wakeOne, LOOK_MS).unref();
  return () => clearInterval(looks);
}
