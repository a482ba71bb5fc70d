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

/**
 * As most servers have it, also PostgreSQL's own image: text is compared as people sort it, by language. What's right so is
 * right by bytes, too.
 */
const COLLATION = "locale_provider icu icu_locale 'en-US' locale 'C.UTF-8'";

/** Makes an empty database. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `${namesOfRun()}${randomBytes(6).toString("hex")}`;
  await administer(`create database ${name} template template0 ${COLLATION}`);
  const url = new URL(TEST_DATABASE_URL);
  url.pathname = `/${name}`;
  const drop = async () => void (await administer(`drop database if exists ${name} with (force)`));
  return { url: url.href, drop };
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

/** How the names of the databases of this run of the tests begin; set before the first worker starts. */
const RUN = "TEST_DATABASES_OF_RUN";

function namesOfRun(): string {
  return process.env[RUN] ?? "copilot_task_bot_";
}

/** Has the databases that are made from now on removed at the end of the run: workers keep some until then. */
export function nameDatabasesOfRun(): void {
  process.env[RUN] = `copilot_task_bot_${randomBytes(3).toString("hex")}_`;
}

/** Removes what is left of this run. */
export async function dropDatabasesOfRun(): Promise<void> {
  const left = `select format('drop database %I with (force)', datname) as statement
    from pg_database where starts_with(datname, '${namesOfRun()}')`;
  const rows = await administer(left);
  for (const { statement } of rows) await administer(String(statement));
}

async function administer(
  statement: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({
    connectionString: TEST_DATABASE_URL,
    connectionTimeoutMillis: 3_000,
  });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows;
  } finally {
    await client.end();
  }
}
