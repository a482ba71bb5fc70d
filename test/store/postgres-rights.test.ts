import { existsSync, readFileSync } from "node:fs";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { open, prepared, problemOf } from "./prepared-database.ts";
import { createTestDatabase, TEST_DATABASE_URL } from "./test-database.ts";
import { commanded } from "./trigger.ts";

describe("a role with few rights", () => {
  test("is missing one after the other, and each sentence is the statement that grants it", async () => {
    const { role, name, address, grant } = await prepared();
    const missing = async () => {
      const { reason, message } = await problemOf(address);
      expect(reason).toBe("configuration");
      const [sentence = "", statement = ""] = message.split(
        ". Run as an administrator of that database: ",
      );
      await grant(statement);
      return sentence;
    };
    expect(await missing()).toBe(
      `The role "${role}" of DATABASE_URL can't create tables in the schema "public" of "${name}"`,
    );
    expect(await missing()).toBe(
      `The role "${role}" of DATABASE_URL can't create the schema "pgboss" in "${name}"`,
    );
    const storage = await open(address);
    expect(await storage.tasks.insert(commanded(1))).toMatchObject({ state: "queued" });
    await storage.close();
  });

  test("works in schemas that were prepared for it, as docs/operations.md says", async () => {
    const { role, name, address, grant } = await prepared();
    await grant(`revoke all on database ${name} from public`);
    const document = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
    const [, statements = ""] =
      /```sql\n-- In the database of the bot.*?\n(.*?)```/su.exec(document) ?? [];
    expect(statements).toContain("pgboss");
    await grant(
      statements.replaceAll(/\bbot\b/gu, role).replaceAll(`DATABASE ${role}`, `DATABASE ${name}`),
    );
    const first = await open(address);
    await first.tasks.insert(commanded(1));
    await first.close();
    const second = await open(address);
    expect(await second.tasks.waiting()).toHaveLength(1);
    const moved = vi.fn(() => Promise.resolve("done" as const));
    const queue = await second.startQueue({ receive: moved, start: moved });
    await vi.waitFor(() => expect(moved).toHaveBeenCalled(), { timeout: 30_000 });
    await queue.stop(1_000);
    await second.close();
  });

  test("has a schema of pg-boss in which it may not do anything", async () => {
    const { role, name, address, grant } = await prepared();
    await grant(`grant create on schema public to ${role}; create schema pgboss`);
    expect((await problemOf(address)).message).toBe(
      `The role "${role}" of DATABASE_URL can't create tables in the schema "pgboss" of "${name}". Run as an administrator of that database: GRANT USAGE, CREATE ON SCHEMA pgboss TO ${role};`,
    );
  });

  test("has no schema at all", async () => {
    const { role, name, address } = await prepared();
    const query = "?options=-c%20search_path%3Dnowhere";
    expect((await problemOf(address + query)).message).toBe(
      `The role "${role}" of DATABASE_URL has no schema for its tables in "${name}". Run as an administrator of that database: CREATE SCHEMA ${role} AUTHORIZATION ${role};`,
    );
  });
});

const SOCKET = "/var/run/postgresql";
const SERVER_PORT = new URL(TEST_DATABASE_URL).port || "5432";
const hasSocket = existsSync(`${SOCKET}/.s.PGSQL.${SERVER_PORT}`);

test.skipIf(!hasSocket)("libpq's socket form works", async () => {
  const { url: address, drop } = await createTestDatabase();
  onTestFinished(drop);
  const { pathname, username } = new URL(address);
  const storage = await open(`postgresql://${pathname}?host=${SOCKET}&user=${username}`);
  expect(await storage.tasks.waiting()).toEqual([]);
  await storage.close();
});
