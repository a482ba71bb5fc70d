import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { APP_SETTINGS, HOOK } from "../app.ts";
import type { Database } from "../database.ts";
import { createDatabase } from "../database.ts";
import type { Figure, Run } from "../figure.ts";
import { load } from "../load.ts";
import type { Row } from "../measurement.ts";
import { compare, interleave, pick, sampleOf } from "../measurement.ts";
import { postgresCopies, sqliteCopies } from "../copies.ts";
import type { Program } from "../program.ts";
import { startProgram } from "../program.ts";
import { requestingWebhooks } from "../webhooks.ts";

const FEW = 1_000;
const MANY = 1_000_000;
/** Webhooks, one at a time, and then as many claims, in each round. */
const TASKS = 200;

/** What a big table costs: a webhook and a claim beside a million finished tasks, and beside a thousand. */
export const store: Figure = {
  name: "store",
  async measure(run) {
    return [...(await compareSqlite(run)), ...(await comparePostgres(run))];
  },
};

async function compareSqlite({ directory, rounds }: Run): Promise<Row[]> {
  const programs: Program[] = [];
  for (const count of [FEW, MANY]) {
    const data = join(directory, `sqlite-${count}`);
    mkdirSync(data);
    const settings = { ...APP_SETTINGS, DATA_DIR: data };
    const first = await startProgram("receiver", { directory: data, settings });
    await moveOne(first);
    await first.stop();
    const database = new DatabaseSync(join(data, "tasks.db"));
    sqliteCopies(database, count);
    database.close();
    programs.push(await startProgram("receiver", { directory: data, settings }));
  }
  const rows = await compareTables("SQLite", rounds, programs);
  await Promise.all(programs.map((program) => program.stop()));
  return rows;
}

async function comparePostgres({ directory, rounds }: Run): Promise<Row[]> {
  const programs: Program[] = [];
  const databases: Database[] = [];
  for (const count of [FEW, MANY]) {
    const data = join(directory, `postgres-${count}`);
    mkdirSync(data);
    const database = await createDatabase();
    databases.push(database);
    const settings = { ...APP_SETTINGS, DATA_DIR: data, DATABASE_URL: database.url };
    const program = await startProgram("receiver", { directory: data, settings });
    programs.push(program);
    await moveOne(program);
    await postgresCopies(database, count);
  }
  const rows = await compareTables("PostgreSQL", rounds, programs);
  await Promise.all(programs.map((program) => program.stop()));
  await Promise.all(databases.map((database) => database.drop()));
  return rows;
}

async function compareTables(
  name: string,
  rounds: number,
  [few, many]: readonly Program[],
): Promise<Row[]> {
  if (few === undefined || many === undefined) throw new TypeError("two programs are compared");
  const measures = { floor: () => measure(few, TASKS), ours: () => measure(many, TASKS) };
  await interleave(1, measures);
  const pairs = await interleave(rounds, measures);
  const target = { type: "at most", value: 1.5 } as const;
  const text = (what: string) => ({ figure: `store, ${name}: ${what}`, unit: "ms", target });
  return [
    compare(
      text("acknowledged p50"),
      pick(pairs, ({ acknowledged }) => acknowledged),
    ),
    compare(
      text("claim p50"),
      pick(pairs, ({ claim }) => claim),
    ),
  ];
}

const moved = z.object({ claimMs: z.array(z.number()) });

async function measure(program: Program, count: number) {
  const webhooks = requestingWebhooks(count, HOOK);
  const { url } = program;
  const { p50Ms } = await load({ url, webhooks, connections: 1, expected: "queued" });
  const { claimMs } = await program.ask({ ask: "move all" }, moved);
  return { acknowledged: p50Ms, claim: sampleOf(claimMs).median };
}

/** One task that has been worked on: the finished ones are copies of it. */
async function moveOne(program: Program): Promise<void> {
  await measure(program, 1);
}
