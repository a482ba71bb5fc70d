import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { Database } from "./database.ts";

const names = z.array(z.object({ name: z.string() }));

/** What of a finished task must not be the same twice, as SQL over `n`, by column. */
interface Distinct {
  readonly id: string;
  readonly text: string;
  /** A time within the last 80 days. */
  readonly time: string;
  /** Other columns that shall differ. */
  readonly others: Spread;
}

/** What columns of a task have in its copies, as SQL over `n`, which counts them. */
export type Spread = Readonly<Record<string, string>>;

/** Fills the table of tasks with copies of the one task that is in it. No statistics are gathered: the bot doesn't, either. */
export function sqliteCopies(database: DatabaseSync, count: number, others: Spread = {}): void {
  const columns = names.parse(
    database.prepare("select name from pragma_table_info('tasks')").all(),
  );
  const values = valuesOf(columns, {
    id: "lower(hex(randomblob(16)))",
    text: "lower(hex(randomblob(18)))",
    time: "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-' || (n % 6912000) || ' seconds')",
    others,
  });
  database.exec(`
    with recursive counted(n) as (select 1 union all select n + 1 from counted where n < ${count})
    insert into tasks (${listOf(columns)})
    select ${values} from (select * from tasks limit 1) as template, counted;
    pragma wal_checkpoint(truncate);
  `);
}

/** The same in PostgreSQL. */
export async function postgresCopies(
  database: Database,
  count: number,
  others: Spread = {},
): Promise<void> {
  const columns = names.parse(
    await database.query(
      "select column_name as name from information_schema.columns where table_schema = 'public' and table_name = 'tasks' order by ordinal_position",
    ),
  );
  const values = valuesOf(columns, {
    id: "gen_random_uuid()::text",
    text: "gen_random_uuid()::text",
    time: `to_char(now() at time zone 'utc' - (n % 6912000) * interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
    others,
  });
  await database.query(
    `insert into tasks (${listOf(columns)}) select ${values} from (select * from tasks limit 1) as template, generate_series(1, ${count}) as n`,
  );
  await database.query("vacuum analyze tasks");
}

function listOf(columns: readonly { readonly name: string }[]): string {
  return columns.map(({ name }) => `"${name}"`).join(", ");
}

function valuesOf(columns: readonly { readonly name: string }[], distinct: Distinct): string {
  return columns.map(({ name }) => valueOf(name, distinct)).join(", ");
}

function valueOf(name: string, { id, text, time, others }: Distinct): string {
  const other = others[name];
  if (other !== undefined) return other;
  if (name === "id") return id;
  if (["delivery_id", "event_key", "subject_key"].includes(name)) return text;
  if (["created_at", "updated_at", "settled_at"].includes(name)) return time;
  return `template."${name}"`;
}
