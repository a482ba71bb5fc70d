import { randomInt } from "node:crypto";
import { z } from "zod";
import { checked, program } from "../script/lib/program.ts";
import { wholeNumber } from "../script/lib/values.ts";
import { runDrain } from "./chaos/drain.ts";
import { runChaos } from "./chaos/run.ts";
import { bundleUnpacedBot } from "./chaos/unpaced.ts";
import { NEWEST } from "./newest-runtime.ts";

const MAX = 2 ** 31 - 1;

const runtimeChoice = z.enum(["bundled", "newest"], { error: "Use bundled or newest." });

const { rounds, seed, database, drain, runtime } = program(
  "npm run chaos --",
  "Kills the bot at random moments and checks that nothing is lost and nothing happens twice.",
)
  .option("--rounds <number>", "how many times", checked(wholeNumber(1, 10_000)), 20)
  .option("--seed <number>", "repeats the moments of an earlier run", checked(wholeNumber(0, MAX)))
  .option("--database <url>", "a PostgreSQL database, for two replicas; without it, SQLite")
  .option("--runtime <name>", "bundled or newest", checked(runtimeChoice), "bundled")
  .option(
    "--drain <number>",
    "instead of rounds: this many tasks at once, and one of two replicas killed meanwhile (needs --database)",
    checked(wholeNumber(1, 10_000)),
  )
  .parse()
  .opts();
const settings = runtime === "newest" ? { COPILOT_RUNTIME: NEWEST } : {};
const say = (line: string) => console.log(line);
await bundleUnpacedBot();
const began = performance.now();
const verdict = await (drain === undefined ? chaos() : drainTasks(drain));
const { tasks, started, interrupted, failed, problems } = verdict;
const seconds = Math.round((performance.now() - began) / 1000);
say(`${tasks} tasks: ${started} started, ${interrupted} interrupted, ${failed} failed otherwise`);
for (const problem of problems) say(`✗ ${problem}`);
if (problems.length === 0) say("✓ 0 lost, 0 second sessions, exactly one comment a task");
say(`${seconds} s in all`);
process.exitCode = problems.length === 0 ? 0 : 1;

function chaos() {
  const where = database === undefined ? "SQLite" : "PostgreSQL, two replicas";
  const chosen = seed ?? randomInt(MAX);
  say(`chaos: ${rounds} rounds on ${where}, ${runtime} runtime, --seed ${chosen}`);
  return runChaos({ rounds, seed: chosen, databaseUrl: database, settings, say });
}

function drainTasks(count: number) {
  if (database === undefined) throw new Error("--drain needs --database, for two replicas");
  say(`drain: ${count} tasks, ${runtime} runtime`);
  return runDrain({ tasks: count, databaseUrl: database, settings, say });
}
