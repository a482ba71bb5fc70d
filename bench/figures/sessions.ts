import type { Figure, Run } from "../figure.ts";
import { compare, interleave, sampleOf } from "../measurement.ts";
import type { Program } from "../program.ts";
import type { World } from "../world.ts";
import { labelAll, openIssues, scriptAll, startWorld } from "../world.ts";

/** In each round, one after the other. */
const TASKS = 6;

/** From the webhook of a label to the comment with the link, when nothing else is to do. */
export const oneTask: Figure = {
  name: "one task",
  async measure(run) {
    const world = await startWorld(run.directory, "one-task");
    const [bot, script] = [await world.startBot("bot"), await world.startScript()];
    const issues = await openIssues(world, 2 * TASKS * (run.rounds + 1));
    const inTurn = async (measure: (places: typeof issues) => Promise<number>) => {
      const tookMs: number[] = [];
      for (const place of issues.splice(0, TASKS)) tookMs.push(await measure([place]));
      return sampleOf(tookMs).median;
    };
    const measures = {
      floor: () => inTurn((places) => scriptAll(script, places)),
      ours: () => inTurn((places) => labelAll(world, bot, places)),
    };
    await interleave(1, measures);
    const pairs = await interleave(run.rounds, measures);
    await close(world, [bot, script]);
    return [
      compare({ figure: "one task", unit: "ms", target: { type: "at most", value: 1.05 } }, pairs),
    ];
  },
};

const LABELS = 200;
/** The floor's sessions cost the same each: it needs fewer of them. */
const FLOOR_SESSIONS = 80;
const CONCURRENCY = 8;
const WORKER_DELAY_MS = 300;

/** Many labels at once, to the last link. */
export const manyLabels: Figure = {
  name: "200 labels",
  async measure(run) {
    let round = 0;
    const pairs = [];
    while (round < run.rounds) {
      round += 1;
      pairs.push(await manyAtOnce(run, round));
    }
    return [
      compare({ figure: "200 labels", unit: "s", target: { type: "at most", value: 1.2 } }, pairs),
    ];
  },
};

/** In a world of its own: the loopback GitHub keeps to GitHub's 5,000 requests an hour. */
async function manyAtOnce({ directory, say }: Run, round: number) {
  const world = await startWorld(directory, `many-labels-${round}`);
  const settings = {
    MAX_CONCURRENT_STARTS: String(CONCURRENCY),
    MAX_CONCURRENT_STARTS_PER_REPOSITORY: String(CONCURRENCY),
  };
  const [bot, script] = [await world.startBot("bot", settings), await world.startScript()];
  await scriptAll(script, await openIssues(world, 1));
  await labelAll(world, bot, await openIssues(world, 1));
  world.missionControl.behave({ workerDelayMs: WORKER_DELAY_MS });
  const places = await openIssues(world, FLOOR_SESSIONS);
  const floor = (await scriptAll(script, places, CONCURRENCY)) * (LABELS / FLOOR_SESSIONS);
  const ours = await labelAll(world, bot, await openIssues(world, LABELS));
  await close(world, [bot, script]);
  say(`200 labels, round ${round}: ${Math.round(ours)} ms, floor ${Math.round(floor)} ms`);
  return { floor: floor / 1_000, ours: ours / 1_000 };
}

async function close(world: World, programs: readonly Program[]): Promise<void> {
  await Promise.all(programs.map((program) => program.stop()));
  await world.close();
}
