import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Kysely } from "kysely";
import type { Trigger } from "../../src/core/webhook/trigger.ts";
import type { ReadableRepositories, TaskFilter, TaskLists } from "../../src/ports/task-lists.ts";
import { migrate } from "../../src/store/migrations.ts";
import { openPostgres } from "../../src/store/postgres.ts";
import type { Schema } from "../../src/store/schema.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { createTaskLists } from "../../src/store/task-lists.ts";
import { taskIdOf } from "../../src/store/task-id.ts";
import { createTaskStore } from "../../src/store/tasks.ts";
import type { Spread } from "../copies.ts";
import { postgresCopies, sqliteCopies } from "../copies.ts";
import { createDatabase } from "../database.ts";
import type { Figure, Run } from "../figure.ts";
import type { Pair, Row, Target } from "../measurement.ts";
import { compare, interleave, pick, plain, sampleOf } from "../measurement.ts";

const FEW = 1_000;
const MANY = 1_000_000;
/** How often each page is asked for in a round. */
const TIMES = 5;
const TASKS_A_PAGE = 50;

/**
 * Half of the tasks are in one repository, a quarter in 29 more, and the rest in 3,000. Some states, kinds, and people
 * are rare.
 */
const SPREAD: Spread = {
  repository_id:
    "case when n % 2 = 0 then 1 when n % 4 = 1 then 2 + (n / 4) % 29 else 1 + (n / 4) % 3000 end",
  subject_number: "1 + ((n % 20000) * 7919) % 20000",
  kind: "case when n % 1000 = 8 then 'rare' when n % 3 = 0 then 'fix' else 'triage' end",
  state:
    "case when n % 2000 = 16 then 'timed_out' when n % 20 = 3 then 'failed' when n % 50 = 4 then 'idle' else 'completed' end",
  requester: "case when n % 10 = 6 then 'person-' || (n / 10) % 3000 else 'ada' end",
  requester_id: "case when n % 10 = 6 then 1000 + (n / 10) % 3000 else 5 end",
};

/** What's looked for, each on the first page and in the middle of all tasks. */
const FILTERS: Readonly<Record<string, TaskFilter>> = {
  "no filter": {},
  "a state": { state: "failed" },
  "a rare state": { state: "timed_out" },
  "a state that no task has": { state: "waiting_for_user" },
  "a repository": { repositoryId: 1 },
  "a kind": { kind: "fix" },
  "a rare kind": { kind: "rare" },
  "a requester": { requester: "ada" },
  "a rare requester": { requester: "person-1" },
  "three filters": { state: "timed_out", kind: "fix", requester: "ada" },
  "three filters that find nothing": { state: "failed", kind: "rare", requester: "person-1" },
  "a thread": { search: "octo-org/repository-1#7919" },
  "a number": { search: "#7919" },
  "a repository's name": { search: "repository-7" },
  "a word": { search: "ada" },
  "a word that finds nothing": { search: "deadbeef" },
};

const VIEWERS = [1, 30, 3_000] as const;

/** What `/` asks the database for, beside a million tasks, and beside a thousand. */
export const pages: Figure = {
  name: "pages",
  async measure(run) {
    return [...(await compareSqlite(run)), ...(await comparePostgres(run))];
  },
};

async function compareSqlite(run: Run): Promise<Row[]> {
  const databases: Kysely<Schema>[] = [];
  for (const count of [FEW, MANY]) {
    const directory = join(run.directory, `pages-${count}`);
    mkdirSync(directory);
    const file = join(directory, "tasks.db");
    const database = openSqlite(file);
    await insertOne(database);
    const copying = new DatabaseSync(file);
    sqliteCopies(copying, count, SPREAD);
    copying.close();
    databases.push(database);
  }
  const rows = await compareDatabases("SQLite", run, databases);
  await Promise.all(databases.map((database) => database.destroy()));
  return rows;
}

async function comparePostgres(run: Run): Promise<Row[]> {
  const few = await createDatabase();
  const many = await createDatabase();
  const databases = [few, many].map(({ url }) => openPostgres(url));
  for (const database of databases) await insertOne(database);
  await postgresCopies(few, FEW, SPREAD);
  await postgresCopies(many, MANY, SPREAD);
  const rows = await compareDatabases("PostgreSQL", run, databases);
  await Promise.all(databases.map((database) => database.destroy()));
  await Promise.all([few, many].map((database) => database.drop()));
  return rows;
}

/** The one task that the others are copies of. */
async function insertOne(database: Kysely<Schema>): Promise<void> {
  await migrate(database);
  await createTaskStore(database, { now, idOf: taskIdOf, mostStartsPerRepository: 3 }).insert(
    TRIGGER,
  );
}

function now(): Date {
  return new Date();
}

const TRIGGER: Trigger = {
  type: "trigger",
  trigger: {
    type: "label",
    name: "copilot:triage",
    deliveryId: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    eventKey: "label:1:7:copilot:triage",
    at: "2026-11-21T12:00:00.000Z",
  },
  requester: { login: "ada", id: 5 },
  place: {
    installationId: 31,
    repositoryId: 1,
    ownerId: 9_919,
    owner: "octo-org",
    ownerType: "Organization",
    repository: "hello",
  },
  subject: { type: "issue", number: 7 },
};

/** What came of asking for a page. */
interface Asked {
  readonly ms: number;
  /** How many tasks the page has. */
  readonly tasks: number;
}

/** Pages by their filter, and where they are. */
type Pages = ReadonlyMap<string, Asked>;

async function compareDatabases(
  name: string,
  { rounds, say }: Run,
  databases: readonly Kysely<Schema>[],
): Promise<Row[]> {
  const [few, many] = databases.map((database) => createTaskLists(database, now));
  if (few === undefined || many === undefined) throw new TypeError("two databases are compared");
  const rows: Row[] = [];
  for (const viewer of VIEWERS) {
    const readable = repositories(viewer);
    const measures = {
      floor: () => measure(few, readable, FEW),
      ours: () => measure(many, readable, MANY),
    };
    await interleave(1, measures);
    const pairs = await interleave(rounds, measures);
    const equal = equallyFull(pairs);
    for (const what of pairs[0]?.ours.keys() ?? []) {
      const times = pairs.map(({ ours }) => (ours.get(what)?.ms ?? NaN).toFixed(1));
      const compared = equal.includes(what) ? "" : ", not compared";
      say(`${name}, ${viewer} repositories, ${what}: ${times.join(", ")} ms${compared}`);
    }
    const text = (what: string, target: Target | null) => {
      const figure = `pages, ${name}, ${viewer} repositories: ${what}`;
      return { figure, unit: "ms", target };
    };
    const first = pick(pairs, (asked) => asked.get("no filter, first page")?.ms ?? NaN);
    const median = pick(pairs, (asked) => medianOf(equal.map((what) => asked.get(what))));
    rows.push(
      compare(text("first page", { type: "at most", value: 2 }), first),
      compare(text(`median of ${equal.length} filters`, { type: "at most", value: 2 }), median),
      plain(
        text("median of all", { type: "at most", value: 100 }),
        pairs.map(({ ours }) => medianOf([...ours.values()])),
      ),
      plain(
        text("the slowest filter", { type: "at most", value: 100 }),
        pairs.map(({ ours }) => Math.max(...Array.from(ours.values(), ({ ms }) => ms))),
      ),
    );
  }
  return rows;
}

function repositories(count: number): ReadableRepositories {
  return Array.from({ length: count }, (_, index) => {
    return { id: index + 1, owner: "octo-org", name: `repository-${index + 1}` };
  });
}

function medianOf(asked: readonly (Asked | undefined)[]): number {
  return sampleOf(asked.map((page) => page?.ms ?? NaN)).median;
}

/**
 * Those with as many tasks in both databases, each time. A page of 50 tasks takes five times as long as an empty one,
 * and beside a thousand tasks, many filters find few.
 */
function equallyFull(pairs: readonly Pair<Pages>[]): readonly string[] {
  const [first] = pairs;
  const isEqual = (what: string) =>
    pairs.every(({ floor, ours }) => floor.get(what)?.tasks === ours.get(what)?.tasks);
  return [...(first?.ours.keys() ?? [])].filter(isEqual);
}

/** With each filter the median time of its first page, and of one in the middle of all tasks. */
async function measure(
  lists: TaskLists,
  readable: ReadableRepositories,
  tasks: number,
): Promise<Pages> {
  const asked = new Map<string, Asked>();
  // The copies are a second apart.
  const middle = `${new Date(Date.now() - tasks * 500).toISOString()}_0`;
  for (const [what, filter] of Object.entries(FILTERS)) {
    for (const [where, before] of [
      ["first page", undefined],
      ["in the middle", middle],
    ] as const) {
      const taken: number[] = [];
      let found = 0;
      for (let time = 0; time < TIMES; time += 1) {
        const began = performance.now();
        const { tasks: listed } = await lists.page({
          readable,
          filter,
          before,
          limit: TASKS_A_PAGE,
        });
        found = listed.length;
        await lists.waitingFor(5, readable);
        taken.push(performance.now() - began);
      }
      asked.set(`${what}, ${where}`, { ms: sampleOf(taken).median, tasks: found });
    }
  }
  return asked;
}
