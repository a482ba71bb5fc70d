import type { ConstructorOptions, SendOptions } from "pg-boss";
import { PgBoss } from "pg-boss";
import type { Lane, Next, Queue, QueueLog, Work } from "./queue.ts";
import { AFTER_DEFECT_MS, RECEIPTS } from "./queue.ts";

/** SQL in somebody's transaction. */
type Sql = NonNullable<SendOptions["db"]>;

/** A queue in PostgreSQL that several replicas share. */
export interface SharedQueue {
  /** Has tasks looked at, in the transaction that writes them. */
  enqueue(sql: Sql, taskIds: readonly string[]): Promise<void>;
  /** Begins to move tasks. */
  work(work: Work, maxConcurrentStarts: number): Promise<Queue>;
}

/**
 * Where pg-boss keeps its jobs is in its own schema of the database. Without these intervals it would
 * find out only after minutes that a replica is gone.
 */
const SETTINGS: ConstructorOptions = {
  // Besides one that listens. Jobs are fetched and finished in an instant.
  max: 4,
  superviseIntervalSeconds: 1,
  monitorIntervalSeconds: 1,
  useListenNotify: true,
  schedule: false,
};

const QUEUE = {
  // At most one job waits for a task; while one is active another may wait, as for any new look.
  policy: "short",
  // The shortest that pg-boss takes.
  heartbeatSeconds: 10,
  // Each crash uses one up, and a task must not be forgotten for that.
  retryLimit: 10_000,
  expireInSeconds: 3_600,
  deleteAfterSeconds: 3_600,
  notify: true,
} as const;

/** A worker is woken for one job at a time; this is for the jobs that become due. */
const POLLING = { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1, batchSize: 1 };

/** Connects the queue and creates what is missing of it in the database. */
export async function createSharedQueue(url: string, log: QueueLog): Promise<SharedQueue> {
  const boss = new PgBoss({ ...SETTINGS, connectionString: url });
  boss.on("error", (err) => log.error({ err }, "the queue has trouble"));
  await boss.start();
  await boss.createQueue("receive", QUEUE);
  await boss.createQueue("start", QUEUE);

  async function send(lane: Lane, taskId: string, options: SendOptions = {}): Promise<void> {
    await boss.send(lane, { taskId }, { singletonKey: taskId, ...options });
  }

  async function step(lane: Lane, taskId: string, work: Work): Promise<void> {
    const next = await (lane === "start" ? work.start(taskId) : work.receive(taskId)).catch(
      (error: unknown): Next => {
        log.error({ taskId, err: error }, "a step broke off: the task is looked at again");
        return { afterMs: AFTER_DEFECT_MS };
      },
    );
    if (next === "done") return;
    if (next === "start") await send("start", taskId);
    else await send(next.lane ?? "receive", taskId, { startAfter: inMs(next.afterMs) });
  }

  /** One worker a place: a worker takes its next job only when it is told that it may. */
  async function addWorker(lane: Lane, work: Work): Promise<void> {
    const id: string = await boss.work<{ taskId: string }>(lane, POLLING, async ([job]) => {
      try {
        if (job !== undefined) await step(lane, job.data.taskId, work);
      } finally {
        boss.notifyWorker(id);
      }
    });
  }

  return {
    async enqueue(sql, taskIds) {
      const jobs = taskIds.map((taskId) => ({ data: { taskId }, singletonKey: taskId }));
      await boss.insert("receive", jobs, { db: sql });
    },
    async work(work, maxConcurrentStarts) {
      for (let place = 0; place < RECEIPTS; place += 1) await addWorker("receive", work);
      for (let place = 0; place < maxConcurrentStarts; place += 1) await addWorker("start", work);
      return {
        look(taskId) {
          send("receive", taskId).catch((err: unknown) => {
            log.error({ taskId, err }, "the task could not be put into the queue");
          });
        },
        // What does not end in time goes back into the queue, for another replica.
        stop: (graceMs) =>
          boss.stop({ graceful: true, timeout: Math.max(graceMs, 1), close: true }),
      };
    },
  };
}

function inMs(ms: number): Date {
  return new Date(Date.now() + ms);
}
