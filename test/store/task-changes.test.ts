import { setImmediate as nextTurn } from "node:timers/promises";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { isPostgres } from "../../src/store/dialect.ts";
import { forgetChanges } from "../../src/store/task-changes.ts";
import { createTaskLists } from "../../src/store/task-lists.ts";
import { changed } from "../core/task.ts";
import { openStore } from "./opened.ts";
import { ADMITTED, ASKED, claimed, inserted, moving, record } from "./story.ts";
import { commanded } from "./trigger.ts";

async function opened() {
  const store = await openStore();
  const lists = createTaskLists(store.database, () => new Date());
  let { cursor } = await lists.changes(null);
  /** The ids of the tasks that have changed since the last look. */
  async function look() {
    const changes = await lists.changes(cursor);
    expect(changes.isComplete).toBe(true);
    ({ cursor } = changes);
    return changes.changed.map(({ id }) => id).toSorted();
  }
  return { ...store, lists, look };
}

describe("whoever looks for changes sees", () => {
  test("each change of a listed task once, and no claim", async () => {
    const { tasks, look } = await opened();
    expect(await look()).toEqual([]);
    const one = await moving(tasks, commanded(1));
    const other = await moving(tasks, commanded(2));
    // Nobody has decided about it, so it's not listed.
    expect(await look()).toEqual([]);
    const admitted = await record(tasks, one, ADMITTED);
    await record(tasks, other, ADMITTED);
    expect(await look()).toEqual([one.id, other.id].toSorted());
    expect(await look()).toEqual([]);
    if (admitted === null) throw new TypeError("lost");
    await tasks.renew(admitted);
    await tasks.release(admitted);
    const again = await claimed(tasks, one.id);
    expect(await look()).toEqual([]);
    await record(tasks, again, ASKED);
    await record(tasks, changed(again, ASKED), { state: "idle" });
    expect(await look()).toEqual([one.id]);
  });

  test("commands to a session", async () => {
    const { tasks, sessionCommands, look } = await opened();
    const { id } = (await record(tasks, await moving(tasks, commanded(1)), ADMITTED)) ?? { id: "" };
    await look();
    const command = {
      id: "command-1",
      taskId: id,
      type: "stop",
      text: "",
      requester: "ada",
    } as const;
    await sessionCommands.give(command);
    expect(await look()).toEqual([id]);
    await sessionCommands.take(id);
    expect(await look()).toEqual([id]);
    await sessionCommands.give({ ...command, id: "command-2", taskId: "of-no-task" });
    expect(await look()).toEqual([]);
  });

  test("the repository of a task, where it is now", async () => {
    const { database, tasks, lists } = await opened();
    const { id } = await inserted(tasks, commanded(1));
    const { cursor } = await lists.changes(null);
    await database.updateTable("tasks").set({ kind: "fix", repositoryId: 5 }).execute();
    expect((await lists.changes(cursor)).changed).toEqual([{ id, repositoryId: 5 }]);
  });

  test("that changes may be missing, after a pause", async () => {
    const { database, lists } = await opened();
    const { cursor } = await lists.changes(null);
    const before = cursor.replace(/^\d+/u, (at) => String(Number(at) - 1_000));
    expect(await lists.changes(before)).toMatchObject({ changed: [], isComplete: false });
    await forgetChanges(database);
    expect(await lists.changes(cursor)).toMatchObject({ changed: [], isComplete: true });
  });
});

test("changes are forgotten after a while, and those since then are seen", async () => {
  const { database, tasks, look } = await opened();
  const task = await moving(tasks, commanded(1));
  await record(tasks, task, ADMITTED);
  expect(await look()).toEqual([task.id]);
  await sql`update task_changes set at = at - 1000`.execute(database);
  await forgetChanges(database);
  const { rows } = await sql`select * from task_changes`.execute(database);
  expect(rows).toEqual([]);
  await record(tasks, task, { state: "idle" });
  expect(await look()).toEqual([task.id]);
});

test("no change is missed, in whatever order transactions begin and commit", async () => {
  const { database, tasks, look } = await opened();
  // In SQLite they come one after the other.
  if (!isPostgres(database)) return;
  const ids: string[] = [];
  for (const number of [1, 2, 3]) {
    ids.push((await record(tasks, await moving(tasks, commanded(number)), ADMITTED))?.id ?? "");
  }
  await look();
  const change = (transaction: typeof database, id: string | undefined, note: string) =>
    transaction
      .updateTable("tasks")
      .set({ note })
      .where("id", "=", id ?? "")
      .execute();

  const early = Promise.withResolvers<void>();
  const isWritten = Promise.withResolvers<void>();
  const late = database.transaction().execute(async (transaction) => {
    await change(transaction, ids[0], "early");
    isWritten.resolve();
    await early.promise;
  });
  await isWritten.promise;
  await change(database, ids[1], "between");
  expect(await look()).toEqual([ids[1]]);
  expect(await look()).toEqual([]);
  await change(database, ids[2], "after");
  expect(await look()).toEqual([ids[2]]);
  early.resolve();
  await late;
  expect(await look()).toEqual([ids[0]]);
  expect(await look()).toEqual([]);
});

test("no change is missed while many are written", async () => {
  const { database, tasks, look } = await opened();
  const numbers = Array.from({ length: 40 }, (_, index) => index + 1);
  const ids: string[] = [];
  for (const number of numbers) ids.push((await inserted(tasks, commanded(number))).id);
  const seen: string[] = [];
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      seen.push(...(await look()));
      await nextTurn();
    }
  })();
  await Promise.all(
    ids.map((id, index) =>
      database.transaction().execute(async (transaction) => {
        const those = transaction.updateTable("tasks").set({ kind: "fix" }).where("id", "=", id);
        await those.execute();
        // Each stays open for another while.
        for (let turn = 0; turn < (index * 7) % 20; turn += 1) await nextTurn();
      }),
    ),
  );
  over.abort();
  await watching;
  seen.push(...(await look()));
  expect(seen.toSorted()).toEqual(ids.toSorted());
});

test("what is rolled back has never changed", async () => {
  const { database, tasks, look } = await opened();
  const { id } = (await record(tasks, await moving(tasks, commanded(1)), ADMITTED)) ?? { id: "" };
  await look();
  const failed = database.transaction().execute(async (transaction) => {
    await transaction.updateTable("tasks").set({ note: "no" }).where("id", "=", id).execute();
    throw new Error("rolled back");
  });
  await expect(failed).rejects.toThrow("rolled back");
  expect(await look()).toEqual([]);
});
