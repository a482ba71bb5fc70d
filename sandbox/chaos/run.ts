import { setTimeout as sleep } from "node:timers/promises";
import type { BotProcess } from "../demo/bot.ts";
import type { Chance } from "./chance.ts";
import { createChance } from "./chance.ts";
import { untilQuiet } from "./quiet.ts";
import type { Labeled, Verdict, World } from "./verdict.ts";
import { judge } from "./verdict.ts";
import { createWorld } from "./world.ts";

/** What a run is made of. */
export interface ChaosOptions {
  /** How often the bot, or one of its replicas, is killed. */
  readonly rounds: number;
  readonly seed: number;
  /** PostgreSQL's URL for two replicas; SQLite and one process without. */
  readonly databaseUrl?: string | undefined;
  /** More of the bot's environment variables. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
}

const DUPLICATES_PERCENT = 20;
const MAX_LIFE_MS = 2_500;

/** Lets tasks flow in while the bot is killed and started again, and judges what came of it. */
export async function runChaos(options: ChaosOptions): Promise<Verdict> {
  const { rounds, seed, databaseUrl, settings = {}, say } = options;
  const chance = createChance(seed);
  const names = Array.from({ length: rounds * 2 }, (_, index) => ({ name: `task-${index + 1}` }));
  const world = await createWorld({ repositories: names, databaseUrl, settings });
  world.missionControl.behave({ workerDelayMs: 300 });
  const replicas = databaseUrl === undefined ? 1 : 2;
  const bots: BotProcess[] = [];
  for (let index = 0; index < replicas; index += 1) bots.push(await world.start(index));

  const labeled: Labeled[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const victim = chance.below(replicas);
    // A load balancer sends a webhook to any replica, also to one that has just died.
    world.deliverTo(bots[chance.below(replicas)]);
    const lifeMs = chance.below(MAX_LIFE_MS);
    const flowing = flow(world, chance, names.splice(0, 1 + chance.below(2)), labeled);
    await sleep(lifeMs);
    await bots[victim]?.kill();
    await flowing;
    bots[victim] = await world.start(victim);
    if (round % 10 === 0) say(`round ${round}: ${labeled.length} tasks, killed ${round} times`);
  }
  world.deliverTo(bots[0]);
  await untilQuiet(world, labeled, say);
  const verdict = await judge(world, labeled);
  for (const bot of bots) await bot.stop();
  await world.close();
  return verdict;
}

/** People label issues; some of the webhooks are delivered twice. */
async function flow(
  { github }: World,
  chance: Chance,
  repositories: readonly { readonly name: string }[],
  labeled: Labeled[],
): Promise<void> {
  const octocat = github.as("octocat");
  for (const { name } of repositories) {
    const issue = await octocat.openIssue({ owner: "octo-org", repo: name }, { title: name });
    labeled.push(issue);
    await octocat.label(issue, "copilot:triage");
    const delivery = github.deliveries.findLast(({ action }) => action === "labeled");
    if (delivery === undefined || !chance.percent(DUPLICATES_PERCENT)) continue;
    if (chance.percent(50)) await github.redeliver(delivery.id);
    else await github.deliverAgainAs(delivery.id);
  }
}
