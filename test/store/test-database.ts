import { randomBytes } from "node:crypto";
import { Client } from "pg";

/** The server on which tests make databases of their own. */
export const TEST_DATABASE_URL =
  process.env["TEST_DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432/test";

/** A database of a test's own. */
export interface TestDatabase {
  readonly url: string;
  /** Removes it, even while connections are open. */
  readonly drop: () => Promise<void>;
}

/** Makes an empty database. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `copilot_task_bot_${randomBytes(6).toString("hex")}`;
  await administer(`create database ${name} template template0`);
  const url = new URL(TEST_DATABASE_URL);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(`drop database if exists ${name} with (force)`) };
}

/** Whether the server answers. */
export async function isPostgresThere(): Promise<boolean> {
  try {
    await administer("select 1");
    return true;
  } catch {
    return false;
  }
}

async function administer(statement: string): Promise<void> {
  const client = new Client({
    connectionString: TEST_DATABASE_URL,
    connectionTimeoutMillis: 3_000,
  });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
