import { generateKeyPairSync, randomBytes } from "node:crypto";
import { Client } from "pg";
import { onTestFinished } from "vitest";
import { readEnvironment } from "../../src/config/environment.ts";
import { CannotStart } from "../../src/core/error/cannot-start.ts";
import { createLog } from "../../src/app/logging.ts";
import { openStorage } from "../../src/app/storage.ts";
import { temporaryDirectory } from "./opened.ts";
import { createTestDatabase, TEST_DATABASE_URL } from "./test-database.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
/** What the bot needs besides its database. */
export const SETTINGS = {
  APP_ID: "4711",
  PRIVATE_KEY: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
  WEBHOOK_SECRET: "b2f8c1d94e6a7f30",
  COPILOT_GITHUB_TOKEN: "github_pat_11ABC",
  DATABASE_WAIT_SECONDS: "0",
};

/** Opens the storage, as the bot does. */
export function open(DATABASE_URL: string, variables: Readonly<Record<string, string>> = {}) {
  const environment = readEnvironment({ ...SETTINGS, ...variables, DATABASE_URL });
  return openStorage(environment, temporaryDirectory(), createLog("silent"));
}

/** Why the bot can't start on this database. */
export async function problemOf(url: string): Promise<Pick<CannotStart, "reason" | "message">> {
  try {
    const storage = await open(url);
    await storage.close();
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error;
    return { reason: error.reason, message: error.message };
  }
  throw new Error("it started");
}

/** Runs a statement as the administrator of the tests' server. */
export async function administer(statement: string, address = TEST_DATABASE_URL): Promise<void> {
  const client = new Client({ connectionString: address });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A role that may do nothing, until the test ends. */
async function createRole(): Promise<string> {
  const role = `bot_${randomBytes(6).toString("hex")}`;
  await administer(`create role ${role} login`);
  // Roles can be dropped once the databases are, in which they own something.
  onTestFinished(() => administer(`drop role if exists ${role}`));
  return role;
}

/** A database that an administrator owns, and a role without rights in it. */
export async function prepared(rights?: "create on database") {
  const role = await createRole();
  const { url: address, drop } = await createTestDatabase();
  onTestFinished(drop);
  const name = new URL(address).pathname.slice(1);
  // As PostgreSQL 15 and later have it anyway.
  await administer("revoke create on schema public from public", address);
  if (rights !== undefined) await administer(`grant ${rights} ${name} to ${role}`);
  const mine = new URL(address);
  mine.username = role;
  return {
    role,
    name,
    address: mine.href,
    grant: (statement: string) => administer(statement, address),
  };
}
