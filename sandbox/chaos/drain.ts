import { untilQuiet } from "./quiet.ts";
import type { Labeled, Verdict } from "./verdict.ts";
import { judge } from "./verdict.ts";
import { createWorld } from "./world.ts";

/** What a drain is made of. */
export interface DrainOptions {
  readonly tasks: number;
  readonly databaseUrl: string;
  /** More of the bot's environment variables. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
}

/** Two replicas work off many tasks; one of them is killed when half of the sessions were created. */
export async function runDrain(options: DrainOptions): Promise<Verdict> {
  const { tasks, databaseUrl, say } = options;
  const names = Array.from({ length: tasks }, (_, index) => ({ name: `task-${index + 1}` }));
  const settings = { MAX_CONCURRENT_STARTS: "10", ...options.settings };
  const world = await createWorld({ repositories: names, databaseUrl, settings });
  const [first, second] = [await world.start(1), await world.start(2)];
  world.deliverTo(first);
  const octocat = world.github.as("octocat");
  const issues: Labeled[] = [];
  for (const { name } of names) {
    issues.push(await octocat.openIssue({ owner: "octo-org", repo: name }, { title: name }));
  }
  const began = performance.now();
  const half = world.missionControl.until((seen) => seen.tasks.length >= tasks / 2, 300_000);
  const labeling = Promise.all(issues.map((issue) => octocat.label(issue, "copilot:triage")));
  await Promise.all([half, labeling]);
  await second.kill();
  say(`killed one replica after ${Math.round((performance.now() - began) / 1_000)} s`);
  await untilQuiet(world, issues, say);
  // The last five seconds were spent waiting for what should not come.
  say(`drained ${tasks} tasks in ${Math.round((performance.now() - began) / 1_000) - 5} s`);
  const verdict = await judge(world, issues);
  await first.stop();
  await world.close();
  return verdict;
}
