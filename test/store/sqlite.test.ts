import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { backUpSqlite, openSqlite } from "../../src/store/sqlite.ts";
import { openStore, temporaryDirectory } from "./opened.ts";
import { commanded, labeled } from "./trigger.ts";
import { record } from "./story.ts";

describe("the database", () => {
  test.each([
    ["journal_mode", { journalMode: "wal" }],
    ["synchronous", { synchronous: 2 }],
    ["foreign_keys", { foreignKeys: 1 }],
  ])("has the right %s in force", async (pragma, row) => {
    const { database } = await openStore();
    const { rows } = await sql`PRAGMA ${sql.raw(pragma)}`.execute(database);
    expect(rows).toEqual([row]);
  });

  test("holds after a restart what it held before", async () => {
    const first = await openStore();
    const inserted = await first.tasks.insert(labeled());
    if (inserted === null) throw new TypeError("no task");
    const claimed = await first.tasks.claim(inserted.id, "start");
    if (claimed.type !== "claimed") throw new TypeError("not claimed");
    const changes = {
      session: { id: "session" },
      shown: { comment: { id: 5 } },
      decision: { branch: "größer 😀" },
    };
    const task = await record(first.tasks, claimed.task, changes);
    await first.close();
    const second = await openStore(first.file);
    expect(await second.tasks.get(inserted.id)).toEqual(task);
    expect(await second.tasks.insert(labeled())).toBeNull();
    await second.tasks.releaseAll();
    expect(await second.tasks.waiting()).toEqual([inserted.id]);
  });

  test("takes text, numbers and null, and says what it does not take", async () => {
    const { database } = await openStore();
    for (const value of [true, new Date(), { a: 1 }, undefined]) {
      await expect(sql`select ${value} as it`.execute(database)).rejects.toThrow(
        `SQLite takes text, numbers and null here, not ${typeof value}`,
      );
    }
    const { rows } = await sql`select ${"a"} as one, ${1.5} as two, ${null} as three`.execute(
      database,
    );
    expect(rows).toEqual([{ one: "a", two: 1.5, three: null }]);
  });

  test("gives the rows of a query one by one", async () => {
    const { tasks, database } = await openStore();
    for (const number of [1, 2, 3]) await tasks.insert(commanded(number));
    const deliveries: string[] = [];
    const query = database.selectFrom("tasks").select("deliveryId").orderBy("deliveryId");
    for await (const { deliveryId } of query.stream()) deliveries.push(deliveryId);
    expect(deliveries).toEqual(["delivery-1", "delivery-2", "delivery-3"]);
  });

  test("is not opened from a file of another kind", () => {
    const file = join(temporaryDirectory(), "tasks.db");
    writeFileSync(file, "This is no database. ".repeat(100));
    expect(() => openSqlite(file)).toThrow(`${file} can't be opened: file is not a database`);
  });

  // SQLite's own words come without the file's name.
  test("is not opened from a directory, and names it", () => {
    const file = join(temporaryDirectory(), "tasks.db");
    mkdirSync(file);
    expect(() => openSqlite(file)).toThrow(`${file} can't be opened: unable to open database file`);
  });
});

describe("a backup", () => {
  test("holds what the database held, while the bot is at work", async () => {
    const store = await openStore();
    const task = await store.tasks.insert(commanded(1));
    if (task === null) throw new TypeError("no task");
    const copy = join(temporaryDirectory(), "it's a copy.db");
    backUpSqlite(store.file, copy);
    await store.tasks.insert(commanded(2));
    const restored = await openStore(copy);
    expect(await restored.tasks.get(task.id)).toEqual(task);
    expect(await restored.tasks.waiting()).toEqual([task.id]);
  });

  test("does not replace a file that is there", async () => {
    const { file } = await openStore();
    const copy = join(temporaryDirectory(), "copy.db");
    backUpSqlite(file, copy);
    expect(() => backUpSqlite(file, copy)).toThrow(/already exists/u);
  });

  test("of nothing makes no file", () => {
    const directory = temporaryDirectory();
    const file = join(directory, "tasks.db");
    expect(() => backUpSqlite(file, join(directory, "copy.db"))).toThrow();
    expect(existsSync(file)).toBe(false);
  });
});
