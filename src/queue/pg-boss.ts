import type { ConstructorOptions, SendOptions } from "pg-boss";
import { PgBoss } from "pg-boss";
import type { Job } from "./lane.ts";
import { openLane } from "./lane.ts";
import type { Lane } from "../core/task/task.ts";
import type { Log } from "../ports/log.ts";
import type { Measure } from "../ports/metrics.ts";
import type { Origin, Queue, Work } from "../ports/queue.ts";
import { createRanking } from "./rank.ts";
import { doStep } from "./step.ts";

/**
 * So many tasks are received at once by each replica. For a new task PostgreSQL notifies every place of every
 * replica, and each asks it what there is: with ten of them they were in each other's way.
 *
 * Two places are for whoever has asked for nothing lately: what somebody asks for in bulk takes the others.
 */
const RECEIPTS = { lane: "receive", places: 6, reserved: { places: 2, minPriority: 0 } } as const;
const STARTS = { lane: "start" } as const;

/** SQL in somebody's transaction. */
type Sql = NonNullable<SendOptions["db"]>;

/** A task that is put into the queue. */
type Queued = Origin & { readonly id: string };

/** A queue in PostgreSQL that several replicas share. */
export interface SharedQueue {
  /** Enqueues tasks, in the transaction that writes them. */
  enqueue(sql: Sql, tasks: readonly Queued[]): Promise<void>;
  /** Begins to move tasks. */
  work(work: Work, maxConcurrentStarts: number): Promise<Queue>;
}

/**
 * Where pg-boss keeps its jobs is in its own schema of the database. Without these intervals it would
 * find out only after minutes that a replica is gone.
 */
const SETTINGS: ConstructorOptions = {
  // In addition to one that listens. Jobs are fetched and finished in an instant.
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

interface QueueOptions {
  readonly log: Pick<Log, "warn" | "error">;
  /**
   * Whether pg-boss's schema exists. PostgreSQL refuses `CREATE SCHEMA IF NOT EXISTS` to a role that may not
   * create schemas even then.
   */
  readonly hasSchema: boolean;
  readonly measure?: Measure | undefined;
}

/** Connects the queue and creates what is missing of it in the database. */
export async function createSharedQueue(
  url: string,
  { log, hasSchema, measure }: QueueOptions,
): Promise<SharedQueue> {
  const boss = new PgBoss({ ...SETTINGS, connectionString: url, createSchema: !hasSchema });
  boss.on("error", (err) => log.error({ err }, "queue error"));
  await boss.start();
  for (const lane of ["receive", "start"]) await boss.createQueue(lane, QUEUE);

  const rankOf = createRanking(Date.now);

  async function send(lane: Lane, { taskId, rank = 0 }: Job, afterMs = 0): Promise<void> {
    const dueAt = Date.now() + afterMs;
    const later = afterMs === 0 ? {} : { startAfter: new Date(dueAt) };
    const job: Job = { taskId, rank, dueAt };
    await boss.send(lane, job, { singletonKey: taskId, ...priorityOf(job), ...later });
  }

  async function step(lane: Lane, job: Job, work: Work): Promise<void> {
    const { taskId, dueAt } = job;
    if (dueAt !== undefined) {
      // Clocks of replicas differ by a little.
      const seconds = Math.max(0, Date.now() - dueAt) / 1_000;
      measure?.({ type: "queue_wait", lane, seconds });
    }
    const next = await doStep({ work, log, measure }, lane, taskId);
    if (next === "done") return;
    if (next === "start") await send("start", job);
    else await send(next.lane ?? "receive", job, next.afterMs);
  }

  return {
    async enqueue(sql, tasks) {
      const jobs = tasks.map((task) => {
        const data: Job = { taskId: task.id, rank: rankOf(task), dueAt: Date.now() };
        return { data, singletonKey: task.id, ...priorityOf(data) };
      });
      await boss.insert("receive", jobs, { db: sql });
    },
    async work(work, places) {
      const endings = [
        await openLane({ ...RECEIPTS, boss, step: (job) => step("receive", job, work) }),
        await openLane({ ...STARTS, boss, places, step: (job) => step("start", job, work) }),
      ];
      return {
        process(taskId, origin) {
          const rank = origin === undefined ? 0 : rankOf(origin);
          send("receive", { taskId, rank }).catch((err: unknown) => {
            log.error({ taskId, err }, "task could not be queued");
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

/** Jobs that an earlier version put into the queue have no rank. */
function priorityOf({ rank = 0 }: Job) {
  return { priority: -rank };
}
