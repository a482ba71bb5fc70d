import { randomBytes } from "node:crypto";
import { Client } from "pg";

const SERVER = process.env["BENCH_DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres";

/** A PostgreSQL database of a figure's own. */
export interface Database {
  readonly url: string;
  /** Executes one statement, and gives its rows. */
  query(statement: string): Promise<readonly unknown[]>;
  /** Removes it, even while connections are open. */
  drop(): Promise<void>;
}

/** Makes an empty database. */
export async function createDatabase(): Promise<Database> {
  const name = `copilot_task_bot_bench_${randomBytes(6).toString("hex")}`;
  await query(SERVER, `create database ${name} template template0`);
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    query: (statement) => query(url.href, statement),
    async drop() {
      await query(SERVER, `drop database if exists ${name} with (force)`);
    },
  };
}

async function query(connectionString: string, statement: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows;
  } finally {
    await client.end();
  }
}
