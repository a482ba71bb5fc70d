import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { runChaos } from "./chaos/run.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "20" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    /** PostgreSQL's URL: two replicas. */
    database: { type: "string" },
  },
});
const { rounds, seed, database } = values;
console.log(
  `chaos: ${rounds} rounds on ${database === undefined ? "SQLite" : "PostgreSQL, two replicas"}, --seed ${seed}`,
);
const began = performance.now();
const verdict = await runChaos({
  rounds: Number(rounds),
  seed: Number(seed),
  ...(database === undefined ? {} : { databaseUrl: database }),
  say: (line) => console.log(line),
});
const { tasks, started, interrupted, failed, problems } = verdict;
const seconds = Math.round((performance.now() - began) / 1000);
console.log(
  `${tasks} tasks in ${seconds} s: ${started} started, ${interrupted} interrupted, ${failed} failed otherwise`,
);
for (const problem of problems) console.log(`✗ ${problem}`);
if (problems.length === 0) console.log("✓ 0 lost, 0 second sessions, exactly one comment a task");
process.exitCode = problems.length === 0 ? 0 : 1;
