import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { BotProcess } from "../demo/bot.ts";
import { startBot } from "../demo/bot.ts";
import { startGitHub } from "../github/server.ts";
import { startMissionControl } from "../mission-control/server.ts";
import type { Chance } from "./chance.ts";
import { createChance } from "./chance.ts";
import type { Labelled, Verdict } from "./verdict.ts";
import { commentsOf, isFinal, judge } from "./verdict.ts";

/** What a run is made of. */
export interface ChaosOptions {
  /** How often the bot, or one of its replicas, is killed. */
  readonly rounds: number;
  readonly seed: number;
  /** PostgreSQL's URL for two replicas; SQLite and one process without. */
  readonly databaseUrl?: string;
  readonly say: (line: string) => void;
}

const BOT = fileURLToPath(new URL("./unpaced-bot.ts", import.meta.url));
const DUPLICATES_PERCENT = 20;
const LONGEST_LIFE_MS = 2_500;
const QUIET_WITHIN_MS = 180_000;

/** Lets tasks flow in while the bot is killed and started again, and judges what came of it. */
export async function runChaos(options: ChaosOptions): Promise<Verdict> {
  const { rounds, seed, databaseUrl, say } = options;
  const chance = createChance(seed);
  const names = Array.from({ length: rounds * 2 }, (_, index) => ({ name: `task-${index + 1}` }));
  const missionControl = await startMissionControl();
  const github = await startGitHub({ repositories: names });
  const world = { missionControl, github };
  missionControl.behave({ workerDelayMs: 300 });
  const replicas = databaseUrl === undefined ? 1 : 2;
  const directories = Array.from({ length: replicas }, () => mkdtempSync(join(tmpdir(), "chaos-")));
  const start = (index: number) =>
    startBot(
      {
        ...github.environment,
        ...missionControl.environment,
        COPILOT_GITHUB_TOKEN: github.as("octocat").token,
        DATA_DIR: directories[index] ?? "",
        LOG_LEVEL: "info",
        ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      },
      BOT,
    );
  const bots: BotProcess[] = [];
  for (let index = 0; index < replicas; index += 1) bots.push(await start(index));

  const labelled: Labelled[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const victim = chance.below(replicas);
    // A load balancer sends a webhook to any replica, also to one that has just died.
    github.deliverTo(`${bots[chance.below(replicas)]?.url}/api/github/webhooks`);
    const lifeMs = chance.below(LONGEST_LIFE_MS);
    const flowing = flow(world, chance, names.splice(0, 1 + chance.below(2)), labelled);
    await sleep(lifeMs);
    await bots[victim]?.kill();
    await flowing;
    bots[victim] = await start(victim);
    if (round % 10 === 0) say(`round ${round}: ${labelled.length} tasks, killed ${round} times`);
  }
  github.deliverTo(`${bots[0]?.url}/api/github/webhooks`);
  await quiet(world, labelled, say);
  const verdict = await judge(world, labelled);
  for (const bot of bots) await bot.stop();
  await github.close();
  await missionControl.close();
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  return verdict;
}

interface World {
  readonly github: Awaited<ReturnType<typeof startGitHub>>;
  readonly missionControl: Awaited<ReturnType<typeof startMissionControl>>;
}

/** People label issues; some of the webhooks are delivered twice. */
async function flow(
  { github }: World,
  chance: Chance,
  repositories: readonly { readonly name: string }[],
  labelled: Labelled[],
): Promise<void> {
  const octocat = github.as("octocat");
  for (const { name } of repositories) {
    const issue = await octocat.openIssue({ owner: "octo-org", repo: name }, { title: name });
    labelled.push(issue);
    await octocat.label(issue, "copilot:triage");
    const delivery = github.deliveries.findLast(({ action }) => action === "labeled");
    if (delivery === undefined || !chance.percent(DUPLICATES_PERCENT)) continue;
    if (chance.percent(50)) await github.redeliver(delivery.id);
    else await github.deliverAgainAs(delivery.id);
  }
}

/** Waits until each task has told an end, and nothing is told any more. */
async function quiet(world: World, labelled: readonly Labelled[], say: (line: string) => void) {
  const until = Date.now() + QUIET_WITHIN_MS;
  while (Date.now() < until) {
    const told = await Promise.all(labelled.map((place) => commentsOf(world, place)));
    const open = told.filter((comments) => !comments.some(isFinal)).length;
    if (open === 0) break;
    say(`waiting for ${open} tasks`);
    await sleep(2_000);
  }
  // What should not come gets the time to come.
  await sleep(5_000);
}
