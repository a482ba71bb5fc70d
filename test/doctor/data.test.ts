import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { examineLock, judgeSpace, openFromOutside } from "../../src/doctor/store.ts";
import { lockDataDirectory } from "../../src/store/directory.ts";
import { about, HELLO, textOf, usePractice, WELL_STORED } from "./practice.ts";

const practice = usePractice();
const directory = mkdtempSync(join(tmpdir(), "copilot-task-bot-test-"));
const DATABASE = "database";
const SPACE = "disk space";

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("the database", () => {
  test("doesn't respond", async () => {
    const locked = Object.assign(new Error("database is locked"), { code: "ERR_SQLITE_ERROR" });
    const store = { ...WELL_STORED, ping: () => Promise.reject(locked) };
    const findings = await practice.examine(HELLO, { store, audience: "thread" });

    expect(about(DATABASE, findings, practice)).toMatchInlineSnapshot(`
      "failed database: SQLite doesn't respond (\`ERR_SQLITE_ERROR\`).
        Check that DATA_DIR is writable, and see the bot's log."
    `);
  });

  test("from outside: one that the bot is still to make", async () => {
    const findings = await practice.examine(null, { store: openFromOutside(undefined, directory) });

    expect(about(DATABASE, findings, practice)).toMatchInlineSnapshot(
      `"ok database: None yet. The bot creates it when it starts for the first time."`,
    );
  });

  test("from outside: something else", async () => {
    const file = join(directory, "tasks.db");
    writeFileSync(file, "no database ".repeat(100));
    const findings = await practice.examine(null, { store: openFromOutside(undefined, directory) });
    rmSync(file);

    expect(about(DATABASE, findings, practice)).toMatchInlineSnapshot(`
      "failed database: SQLite doesn't respond: \`file is not a database\`.
        Check that DATA_DIR is writable, and see the bot's log."
    `);
  });

  test("from outside: PostgreSQL that is down", async () => {
    const DATABASE_URL = "postgres://bot:password@127.0.0.1:1/bot";
    const store = openFromOutside(DATABASE_URL, directory);
    const findings = await practice.examine(null, { store, variables: { DATABASE_URL } });

    expect(about(DATABASE, findings, practice)).toMatchInlineSnapshot(`
      "failed database: PostgreSQL doesn't respond: \`connect ECONNREFUSED 127.0.0.1:1\`.
        Start PostgreSQL, or fix DATABASE_URL."
    `);
    expect(findings.map(({ what }) => what)).not.toContain(SPACE);
    expect(JSON.stringify(findings)).not.toContain("password");
  });
});

describe("space", () => {
  test("of a directory that is still to be made", async () => {
    const DATA_DIR = join(directory, "later", "data");
    const findings = await practice.examine(null, { variables: { DATA_DIR } });

    expect(about(SPACE, findings, practice)).toMatchInlineSnapshot(
      `"ok disk space: N GB free in DATA_DIR, which is writable."`,
    );
  });

  test("of something that is no directory", async () => {
    const DATA_DIR = join(directory, "file");
    writeFileSync(DATA_DIR, "");
    const findings = await practice.examine(null, { variables: { DATA_DIR } });

    expect(about(SPACE, findings, practice)).toMatchInlineSnapshot(`
      "failed disk space: Can't write to DATA_DIR (\`ENOTDIR\`).
        Give the bot's user write access, free space there, or set DATA_DIR to another directory."
    `);
  });

  test.each([
    [500_000_000, "ok"],
    [499_999_999, "warning"],
    [50_000_000, "warning"],
    [49_999_999, "failed"],
  ])("%i bytes: %s", (bytes, level) => {
    expect(judgeSpace(bytes).level).toBe(level);
  });

  test("little of it", () => {
    expect(textOf([judgeSpace(123_456_789)], practice)).toMatchInlineSnapshot(`
      "warning disk space: 123 MB free in DATA_DIR, which is writable.
        Free space there, or move DATA_DIR to a larger disk."
    `);
  });
});

/** The finding about the bot. */
const found = () => textOf([examineLock(directory)], practice).replaceAll(directory, "DATA_DIR");

describe("the bot", () => {
  test("was never started, runs, and is stopped", () => {
    expect(found()).toMatchInlineSnapshot(`"ok bot: No bot has used \`DATA_DIR\` yet."`);
    const lock = lockDataDirectory(directory);
    expect(found()).toMatchInlineSnapshot(`"ok bot: A bot is running on \`DATA_DIR\`."`);
    lock.release();
    expect(found()).toMatchInlineSnapshot(`"ok bot: No bot is running on \`DATA_DIR\`."`);
  });

  test("its lock cannot be read", () => {
    writeFileSync(join(directory, "lock.db"), "no database ".repeat(100));
    expect(found()).toMatchInlineSnapshot(`
      "warning bot: Can't check whether a bot is running on \`DATA_DIR\` (\`ERR_SQLITE_ERROR\`).
        Run this as the user that runs the bot."
    `);
  });
});
