import type { Database } from "../database.ts";
import { createDatabase } from "../database.ts";
import type { Figure } from "../figure.ts";
import { compare } from "../measurement.ts";
import type { Program } from "../program.ts";
import type { World } from "../world.ts";
import { labelAll, openIssues, startWorld } from "../world.ts";

const REPLICAS = [1, 2, 4] as const;
/** A multiple of the places of all four. */
const TASKS = 24;
/** Few, so that what limits is the time that sessions take to start, and not two cores. */
const STARTS = 2;
const WORKER_DELAY_MS = 1_000;

/** Tasks a second that replicas on one PostgreSQL start, against one replica. */
export const replicas: Figure = {
  name: "replicas",
  async measure({ rounds, directory, say }) {
    const world = await startWorld(directory, "replicas");
    const groups = [];
    for (const count of REPLICAS) groups.push(await startGroup(world, count));
    for (const { bots } of groups) await drain(world, bots, STARTS * bots.length);
    world.missionControl.behave({ workerDelayMs: WORKER_DELAY_MS });
    const drained: number[][] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const perSecond: number[] = [];
      for (const { bots } of groups) perSecond.push(await drain(world, bots, TASKS));
      drained.push(perSecond);
      say(
        `replicas, round ${round}: ${perSecond.map((rate) => rate.toFixed(2)).join(", ")} tasks/s`,
      );
    }
    for (const { bots, database } of groups) {
      await Promise.all(bots.map((bot) => bot.stop()));
      await database.drop();
    }
    await world.close();
    const against = (index: number) =>
      drained.map((rates) => ({ floor: rates[0] ?? NaN, ours: rates[index] ?? NaN }));
    return [
      compare(
        { figure: "2 replicas", unit: "tasks/s", target: { type: "at least", value: 1.8 } },
        against(1),
      ),
      compare(
        { figure: "4 replicas", unit: "tasks/s", target: { type: "at least", value: 3.2 } },
        against(2),
      ),
    ];
  },
};

interface Group {
  readonly bots: readonly Program[];
  readonly database: Database;
}

/** Replicas on a database of their own; all groups are up all the time, so that they can take turns. */
async function startGroup(world: World, count: number): Promise<Group> {
  const database = await createDatabase();
  const settings = {
    DATABASE_URL: database.url,
    MAX_CONCURRENT_STARTS: String(STARTS),
    MAX_CONCURRENT_STARTS_PER_REPOSITORY: "50",
  };
  const bots: Program[] = [];
  for (let index = 1; index <= count; index += 1) {
    bots.push(await world.startBot(`${count}-${index}`, settings));
  }
  return { bots, database };
}

async function drain(world: World, [first]: readonly Program[], tasks: number): Promise<number> {
  if (first === undefined) throw new TypeError("a group without a replica");
  const issues = await openIssues(world, tasks);
  return tasks / ((await labelAll(world, first, issues)) / 1_000);
}
