import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { beforeAll, describe, expect, it } from "vitest";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { processesWith } from "../isolation/outside.ts";
import { isComplete } from "../runs.ts";
import { createTestDatabase } from "../store/test-database.ts";
import type { Moment } from "./machine-moments.ts";
import { bringAbout, goOn, MOMENTS, SLEEPS, untilPublished } from "./machine-moments.ts";
import type { Remains } from "./machine-remains.ts";
import { commentsIn, remainsOf, repoOf } from "./machine-remains.ts";
import type { Machines } from "./own-machines.ts";
import { openMachines } from "./own-machines.ts";

const { fetching, starting, linked, working, asking } = MOMENTS;
const { committed, pushing, opening, sharing, prompted } = MOMENTS;

/** Two moments stand for the others while somebody waits: one to which the runtime comes back, and one of which nothing is left. */
const KILLED_AT: readonly Moment[] = isComplete
  ? [fetching, starting, linked, working, asking, committed, pushing, opening, sharing, prompted]
  : [working, prompted];

interface Seen {
  readonly shownAfterMs: number;
  readonly remains: Remains;
}

describe.skipIf(!hasBubblewrap)("a worker that is killed", () => {
  let seen: readonly Seen[] = [];
  let left: readonly string[] = [];

  beforeAll(async () => {
    ({ seen, left } = await killAtAll(KILLED_AT));
  }, 300_000);

  it.each(KILLED_AT.map(({ step }, index) => ({ step, index })))(
    "is missed in the thread within 15 s $step, and its session goes on: one prompt, the work done once, one pull request",
    ({ index }) => {
      expect(seen[index]?.remains).toEqual({
        comments: [expect.stringContaining("/pull/")],
        pulls: 1,
        commits: ["Work", "Set the policy", "Initial commit"],
        sessions: 1,
        prompts: 1,
      });
      expect(seen[index]?.shownAfterMs).toBeLessThan(15_000);
    },
  );

  it("leaves nothing behind", () => {
    expect(left).toEqual([]);
  });
});

async function killAtAll(moments: readonly Moment[]) {
  const database = await createTestDatabase();
  const repos = moments.map((_moment, index) => repoOf(index));
  const machines = await openMachines(repos, database.url);
  try {
    await machines.startBot(machines.directory(), { SELF_HOSTED_SESSIONS: "0" });
    const worker = await machines.startWorker(machines.directory());
    const webhooks = await bringAbout(machines, moments);
    await Promise.all(webhooks);
    const killedAt = performance.now();
    await worker.kill();
    goOn(machines, moments);
    const shown = await Promise.all(
      repos.map(async (repo) => {
        await untilShown(machines, repo);
        return performance.now() - killedAt;
      }),
    );
    const processes = SLEEPS.flatMap((time) => processesWith(time));
    const again = await machines.startWorker(worker.directory);
    await Promise.allSettled(repos.map((repo) => untilPublished(machines, repo)));
    await again.stop();
    const remains = await Promise.all(repos.map((repo) => remainsOf(machines, repo)));
    const seen = remains.map((one, index) => {
      return { shownAfterMs: shown[index] ?? Infinity, remains: one };
    });
    return { seen, left: [...processes, ...(await leftOf(worker.directory, database.url, repos))] };
  } finally {
    await machines.close();
    await database.drop();
  }
}

/** What's on a machine, and in the database, beside one session of each task. */
async function leftOf(
  directory: string,
  databaseUrl: string,
  { length: tasks }: readonly string[],
): Promise<readonly string[]> {
  const namesIn = (name: string) => readdirSync(join(directory, "self-hosted", name));
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  const { rows } = await database.query<{ state: string }>("select state from hosted_sessions");
  await database.end();
  const states = rows.map(({ state }) => state);
  return [
    ...namesIn("ways"),
    ...["tasks", "states", "sessions"].flatMap((name) => namesIn(name).slice(tasks)),
    ...states.filter((state) => state !== "open"),
    ...states.slice(tasks),
  ];
}

/** The thread says that the machine is away, or, of a session that hadn't begun, that it waits for one. */
async function untilShown({ github }: Machines, repo: string): Promise<void> {
  await github.until(async () => {
    const bodies = await commentsIn(github, repo);
    return bodies.some((body) => /hasn't been reached since|waiting for a machine/u.test(body));
  }, 40_000);
}
