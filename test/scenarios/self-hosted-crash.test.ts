import { beforeAll, describe, expect, it, vi } from "vitest";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { processesWith } from "../isolation/outside.ts";
import { isComplete } from "../runs.ts";
import { LIMIT_MS } from "./cut-off-bot.ts";
import type { Moment } from "./machine-moments.ts";
import { bringAbout, goOn, MOMENTS, SLEEPS, untilPublished } from "./machine-moments.ts";
import type { Remains } from "./machine-remains.ts";
import { remainsOf, repoOf } from "./machine-remains.ts";
import { openMachines } from "./own-machines.ts";

const { fetching, working, pushing, opening, opened, sharing, prompted } = MOMENTS;

/** One moment stands for the others while somebody waits. */
const KILLED_AT: readonly Moment[] = isComplete
  ? [fetching, working, pushing, opening, opened, sharing, prompted]
  : [pushing];

describe.skipIf(!hasBubblewrap)("a bot that is killed while a session runs on its machine", () => {
  let remains: readonly Remains[] = [];

  beforeAll(async () => {
    remains = await killAtAll(KILLED_AT);
  }, 240_000);

  it.each(KILLED_AT.map(({ step }, index) => ({ step, index })))(
    "goes on $step: one comment, the work done once, one pull request",
    ({ index }) => {
      expect(remains[index]).toEqual({
        comments: [expect.stringContaining("/pull/")],
        pulls: 1,
        commits: ["Work", "Set the policy", "Initial commit"],
        sessions: 1,
        prompts: 1,
      });
    },
  );
});

async function killAtAll(moments: readonly Moment[]): Promise<readonly Remains[]> {
  const repos = moments.map((_moment, index) => repoOf(index));
  const machines = await openMachines(repos);
  try {
    const directory = machines.directory();
    const waits = { requestMs: LIMIT_MS, requestAgainMs: LIMIT_MS };
    const bot = await machines.startBot(directory, { SELF_HOSTED_SESSIONS: "20" }, waits);
    const webhooks = await bringAbout(machines, moments);
    await bot.kill();
    // The kernel ends what is inside right after.
    await vi.waitUntil(() => SLEEPS.every((time) => processesWith(time).length === 0), 5_000);
    goOn(machines, moments);
    await Promise.all(webhooks);
    const next = await machines.startBot(directory, { SELF_HOSTED_SESSIONS: "20" });
    await Promise.allSettled(repos.map((repo) => untilPublished(machines, repo)));
    await next.stop();
    return await Promise.all(repos.map((repo) => remainsOf(machines, repo)));
  } finally {
    await machines.close();
  }
}
