import type { ConstructorOptions, SendOptions } from "pg-boss";
import { PgBoss } from "pg-boss";
import { openLane } from "./lane.ts";
import type { Lane, Next, Queue, QueueLog, Work } from "./queue.ts";
import { AFTER_DEFECT_MS } from "./queue.ts";

/**
 * So many tasks are received at once by each replica. For a new task PostgreSQL wakes every place of every
 * replica, and each asks it what there is: with ten of them they were in each other's way.
 */
const RECEIPTS = 4;

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

  return {
    async enqueue(sql, taskIds) {
      const jobs = taskIds.map((taskId) => ({ data: { taskId }, singletonKey: taskId }));
      await boss.insert("receive", jobs, { db: sql });
    },
    async work(work, maxConcurrentStarts) {
      const endings = [
        await openLane(boss, "receive", RECEIPTS, (taskId) => step("receive", taskId, work)),
        await openLane(boss, "start", maxConcurrentStarts, (taskId) => step("start", taskId, work)),
      ];
      return {
        look(taskId) {
          send("receive", taskId).catch((err: unknown) => {
            log.error({ taskId, err }, "the task could not be put into the queue");
          });
        },
        // What does not end in time goes back into the queue, for another replica.
        stop(graceMs) {
          for (const end of endings) end();
          return boss.stop({ graceful: true, timeout: Math.max(graceMs, 1), close: true });
        },
      };
    },
  };
}

function inMs(ms: number): Date {
  return new Date(Date.now() + ms);
}
