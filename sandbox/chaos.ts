import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { runDrain } from "./chaos/drain.ts";
import { runChaos } from "./chaos/run.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "20" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    /** PostgreSQL's URL: two replicas. */
    database: { type: "string" },
    /** Instead of the rounds: so many tasks at once, and one of the replicas killed in the middle. */
    drain: { type: "string" },
  },
});
const { rounds, seed, database, drain } = values;
const say = (line: string) => console.log(line);
const began = performance.now();
const verdict = await (drain === undefined ? chaos() : drainTasks(Number(drain)));
const { tasks, started, interrupted, failed, problems } = verdict;
const seconds = Math.round((performance.now() - began) / 1000);
say(`${tasks} tasks: ${started} started, ${interrupted} interrupted, ${failed} failed otherwise`);
for (const problem of problems) say(`✗ ${problem}`);
if (problems.length === 0) say("✓ 0 lost, 0 second sessions, exactly one comment a task");
say(`${seconds} s in all`);
process.exitCode = problems.length === 0 ? 0 : 1;

function chaos() {
  const where = database === undefined ? "SQLite" : "PostgreSQL, two replicas";
  say(`chaos: ${rounds} rounds on ${where}, --seed ${seed}`);
  return runChaos({ rounds: Number(rounds), seed: Number(seed), databaseUrl: database, say });
}

function drainTasks(count: number) {
  if (database === undefined) throw new Error("--drain needs --database, for two replicas");
  return runDrain({ tasks: count, databaseUrl: database, say });
}
