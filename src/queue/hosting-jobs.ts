import { PgBoss } from "pg-boss";
import { queueOf, servesQueue } from "../core/worker/queues.ts";
import type { HostingJobs } from "../ports/hosting-rows.ts";
import type { Log } from "../ports/log.ts";

/** On which PostgreSQL notifies workers and their clients. */
const CHANNEL = "hosting";

const QUEUE = {
  // At most one job waits for a session.
  policy: "short",
  // A worker that takes a job is done with it in an instant: the row says whose the session is.
  expireInSeconds: 60,
  retryLimit: 10_000,
  deleteAfterSeconds: 60,
} as const;

/** Notified in place of `jobs` by whoever may have made a queue. */
const NEW_QUEUE = "queues";

interface Job {
  readonly sessionId: string;
}

/** Between two looks for queues with other labels, in milliseconds. */
const QUEUES_MS = 5_000;

/** The lane of workers, in the schema of pg-boss that the bot's own lanes are in. */
export function createHostingJobs(boss: PgBoss, version?: number): HostingJobs {
  const known = new Set<string>();
  let queues: readonly string[] = [];
  let lookedAt = -Infinity;
  let turn = 0;

  async function queuesFor(labels: readonly string[]): Promise<readonly string[]> {
    if (performance.now() - lookedAt > QUEUES_MS) {
      const all = await boss.getQueues();
      queues = all.map(({ name }) => name).filter((name) => servesQueue(labels, name, version));
      lookedAt = performance.now();
    }
    return queues;
  }

  async function takeFrom(queue: string): Promise<string | null> {
    const [job] = await boss.fetch<Job>(queue);
    if (job === undefined) return null;
    await boss.complete(queue, job.id);
    return job.data.sessionId;
  }

  return {
    async send(labels, sessionId) {
      const queue = queueOf(labels);
      const isNew = !known.has(queue);
      if (isNew) await boss.createQueue(queue, QUEUE);
      known.add(queue);
      const job: Job = { sessionId };
      await boss.send(queue, job, { singletonKey: sessionId });
      const payload = isNew ? NEW_QUEUE : "jobs";
      await boss.getDb().executeSql("select pg_notify($1, $2)", [CHANNEL, payload]);
    },
    async take(labels) {
      const all = await queuesFor(labels);
      // In turn: a queue that's never empty must not keep the others waiting.
      turn += 1;
      for (const index of all.keys()) {
        const taken = await takeFrom(all[(index + turn) % all.length] ?? "");
        if (taken !== null) return taken;
      }
      return null;
    },
    async listen(onWake) {
      const database = boss.getDb();
      if (database.listen === undefined) throw new Error("pg-boss can't listen");
      const onNotification = (payload: string) => {
        if (payload === NEW_QUEUE) lookedAt = -Infinity;
        onWake(payload === NEW_QUEUE ? "jobs" : payload);
      };
      const listening = await database.listen(CHANNEL, onNotification, () => onWake("*"));
      return () => listening.close();
    },
  };
}

/** The lane alone, for a process that makes nothing in pg-boss's schema. The bot has made the schema. */
export async function openHostingJobs(
  url: string,
  log: Pick<Log, "error">,
  version?: number,
): Promise<HostingJobs & { readonly close: () => Promise<void> }> {
  const boss = new PgBoss({
    connectionString: url,
    max: 2,
    schedule: false,
    supervise: false,
    migrate: false,
    createSchema: false,
  });
  boss.on("error", (err) => log.error({ err }, "queue error"));
  await boss.start();
  return {
    ...createHostingJobs(boss, version),
    close: () => boss.stop({ graceful: false, close: true }),
  };
}
