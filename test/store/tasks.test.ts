import { describe, expect, test } from "vitest";
import { newTask } from "../../src/core/task/new-task.ts";
import { createSessionCommands } from "../../src/store/session-commands.ts";
import { openStore } from "./opened.ts";
import { commanded, labeled } from "./trigger.ts";
import type { Layer } from "../core/task.ts";
import { changed, failed, over } from "../core/task.ts";
import { record } from "./story.ts";

const NOW = new Date("2026-11-21T12:00:00.000Z");
const ID = "0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11";
const SETTLED: Layer = { settledAt: NOW.toISOString() };

describe("a new task", () => {
  test("is queued, and holds what the trigger says and nothing else", async () => {
    const { tasks } = await openStore(undefined, { now: () => NOW, idOf: () => ID });
    const task = await tasks.insert(labeled());
    expect(task).toEqual(newTask(labeled(), ID, NOW.toISOString()));
    expect(task).toMatchObject({
      state: "queued",
      attempt: 0,
      settledAt: null,
      schedule: { retries: 0 },
    });
    expect(await tasks.get(ID)).toEqual(task);
  });

  test("keeps large numbers", async () => {
    const { tasks } = await openStore();
    const large = Number.MAX_SAFE_INTEGER;
    const ids = { requester: { id: large }, place: { repositoryId: large, installationId: large } };
    const { id = "" } = (await tasks.insert(commanded(large, ids))) ?? {};
    expect(await tasks.get(id)).toMatchObject(over(ids, { trigger: { commentId: large } }));
  });

  test("may have no installation", async () => {
    const { tasks } = await openStore();
    expect(await tasks.insert(labeled({ place: { installationId: null } }))).toMatchObject({
      place: { installationId: null },
    });
  });

  test("that is not there is null", async () => {
    const { tasks } = await openStore();
    expect(await tasks.get(ID)).toBeNull();
  });
});

describe("a duplicate makes no task", () => {
  const other = { trigger: { deliveryId: "delivery-2", eventKey: "label:later" } };

  test.each([
    ["the same delivery", commanded(1), commanded(2, { trigger: { deliveryId: "delivery-1" } })],
    [
      "the same event in another delivery",
      commanded(1),
      commanded(1, { trigger: { deliveryId: "other" } }),
    ],
    ["the same label while its task is unsettled", labeled(), labeled(other)],
  ])("%s", async (_what, first, second) => {
    const { tasks } = await openStore();
    const task = await tasks.insert(first);
    expect(await tasks.insert(second)).toBeNull();
    expect(await tasks.waiting()).toEqual([task?.id]);
  });

  test.each([
    ["another comment", commanded(1), commanded(2)],
    [
      "a review with the number of a comment",
      commanded(1),
      commanded(2, { trigger: { eventKey: "review:1" } }),
    ],
    ["a label on another issue", labeled(), labeled(over(other, { subject: { number: 8 } }))],
    ["a command beside a label", labeled(), commanded(2)],
  ])("but %s does", async (_what, first, second) => {
    const { tasks } = await openStore();
    await tasks.insert(first);
    expect(await tasks.insert(second)).not.toBeNull();
  });

  test("but the same label does again when its task is settled", async () => {
    const { tasks } = await openStore();
    const first = await tasks.insert(labeled());
    if (first === null) throw new TypeError("no task");
    await record(tasks, first, SETTLED);
    expect(await tasks.insert(labeled(other))).not.toBeNull();
    expect(
      await tasks.insert(labeled(over(other, { trigger: { deliveryId: "delivery-3" } }))),
    ).toBeNull();
  });

  test("but the same label does again once its task has begun, while that goes on", async () => {
    const { tasks } = await openStore();
    const first = await tasks.insert(labeled());
    if (first === null) throw new TypeError("no task");
    await record(tasks, first, { session: { prompt: { deliveredAt: first.createdAt } } });
    expect(await tasks.insert(labeled())).toBeNull();
    expect(await tasks.insert(labeled(other))).not.toBeNull();
    expect(
      await tasks.insert(labeled(over(other, { trigger: { deliveryId: "delivery-3" } }))),
    ).toBeNull();
  });

  test("not even when its task is settled: the same event, and the same delivery", async () => {
    const { tasks } = await openStore();
    const first = await tasks.insert(commanded(1));
    if (first === null) throw new TypeError("no task");
    await record(tasks, first, SETTLED);
    expect(await tasks.insert(commanded(1))).toBeNull();
    expect(await tasks.insert(commanded(1, { trigger: { deliveryId: "other" } }))).toBeNull();
    expect(await tasks.insert(commanded(2, { trigger: { deliveryId: "delivery-1" } }))).toBeNull();
  });

  test("of ten at once, nine", async () => {
    const { tasks } = await openStore();
    const all = Array.from({ length: 10 }, (_, index) =>
      labeled({ trigger: { deliveryId: `d${index}` } }),
    );
    const made = await Promise.all(all.map((trigger) => tasks.insert(trigger)));
    expect(made.filter((task) => task !== null)).toHaveLength(1);
  });
});

describe("a record", () => {
  test("changes what it says, and the time of change", async () => {
    let now = NOW;
    const { tasks } = await openStore(undefined, { now: () => now });
    const task = await tasks.insert(labeled());
    if (task === null) throw new TypeError("no task");
    now = new Date("2026-11-21T13:00:00.000Z");
    const changes = {
      decision: { branch: "main" },
      shown: { comment: { id: 5 } },
      outcome: failed("unknown"),
    } as const;
    const written = changed(task, changes, { updatedAt: now.toISOString() });
    expect(await record(tasks, task, changes)).toEqual(written);
    expect(await tasks.get(task.id)).toEqual(written);
    expect(await record(tasks, written, { decision: { branch: null } })).toEqual(
      changed(written, { decision: { branch: null } }),
    );
  });

  test("of a task that is not there is null", async () => {
    const { tasks } = await openStore();
    const task = await tasks.insert(labeled());
    if (task === null) throw new TypeError("no task");
    expect(await record(tasks, { ...task, id: ID }, SETTLED)).toBeNull();
  });

  test("changes no other task", async () => {
    const { tasks } = await openStore();
    const [one, other] = [await tasks.insert(commanded(1)), await tasks.insert(commanded(2))];
    if (one === null || other === null) throw new TypeError("no tasks");
    await record(tasks, one, { decision: { branch: "main" } });
    expect(await tasks.get(other.id)).toEqual(other);
  });
});

/** A store whose clock shows the minutes after noon that the test says. */
async function storeAt() {
  let minute = 0;
  const { tasks } = await openStore(undefined, {
    now: () => new Date(NOW.getTime() + minute * 60_000),
  });
  return {
    tasks,
    insertAt: async (at: number, number: number) => {
      minute = at;
      const task = await tasks.insert(commanded(number));
      if (task === null) throw new TypeError("no task");
      return task;
    },
    goTo: (at: number) => (minute = at),
  };
}

describe("the tasks that wait", () => {
  test("are those that are not settled, oldest first", async () => {
    const { tasks, insertAt, goTo } = await storeAt();
    const [third, settled, first, second] = [
      await insertAt(3, 1),
      await insertAt(0, 2),
      await insertAt(1, 3),
      await insertAt(2, 4),
    ];
    goTo(10);
    await record(tasks, settled, SETTLED);
    expect(await tasks.waiting()).toEqual([first.id, second.id, third.id]);
  });

  test("are not those that are to be tried again later", async () => {
    const { tasks, insertAt, goTo } = await storeAt();
    const task = await insertAt(0, 1);
    await record(tasks, task, { schedule: { notBefore: "2026-11-21T12:05:00.000Z" } });
    goTo(4);
    expect(await tasks.waiting()).toEqual([]);
    goTo(5);
    expect(await tasks.waiting()).toEqual([task.id]);
  });

  test("are those that nobody has touched for a while, where that is asked", async () => {
    const { tasks, insertAt, goTo } = await storeAt();
    const [old, touched] = [await insertAt(0, 1), await insertAt(0, 2)];
    goTo(4);
    await record(tasks, touched, { decision: { branch: "main" } });
    goTo(5);
    expect(await tasks.waiting(2 * 60_000)).toEqual([old.id]);
    expect(await tasks.waiting()).toHaveLength(2);
  });
});

test("tasks are deleted that were settled before a time, with their keys", async () => {
  const { tasks } = await openStore();
  const settle = async (number: number, settledAt: string) => {
    const task = await tasks.insert(commanded(number));
    if (task === null) throw new TypeError("no task");
    await record(tasks, task, { settledAt });
    return task.id;
  };
  const old = await settle(1, "2026-11-20T11:59:59.999Z");
  const young = await settle(2, "2026-11-20T12:00:00.000Z");
  await tasks.insert(commanded(3));
  expect(await tasks.prune(new Date("2026-11-20T12:00:00.000Z"))).toBe(1);
  expect(await tasks.get(old)).toBeNull();
  expect(await tasks.get(young)).not.toBeNull();
  expect(await tasks.waiting()).toHaveLength(1);
  expect(await tasks.insert(commanded(1))).not.toBeNull();
  expect(await tasks.insert(commanded(2))).toBeNull();
});

test("tasks are deleted with the commands to them", async () => {
  const { tasks, database } = await openStore();
  const sessionCommands = createSessionCommands(database, () => NOW);
  const stop = { type: "stop", text: "", requester: "octocat" } as const;
  for (const number of [1, 2]) {
    const task = await tasks.insert(commanded(number));
    if (task === null) throw new TypeError("no task");
    await sessionCommands.give({ id: `command-${number}`, taskId: task.id, ...stop });
    if (number === 1) await record(tasks, task, SETTLED);
  }
  await tasks.prune(new Date(NOW.getTime() + 1));
  const left = await database.selectFrom("orders").select("id").execute();
  expect(left).toEqual([{ id: "command-2" }]);
});

describe("text is text, whatever is in it", () => {
  test.each([
    ["quotes", `'); DROP TABLE tasks; --"`],
    ["parameters", "? ?1 :id @id $id %s ${id}"],
    ["line breaks", "a\r\nb\u2028c"],
    ["letters of all kinds", "größer 漢字 😀 \u202E"],
    ["64 kB", "`a` ".repeat(16_384)],
    ["nothing", ""],
  ])("%s", async (_what, text) => {
    const { tasks } = await openStore();
    const trigger = commanded(1, {
      trigger: { instructions: text, eventKey: text, deliveryId: text },
    });
    const task = await tasks.insert(trigger);
    if (task === null) throw new TypeError("no task");
    expect(task).toMatchObject({ trigger: { instructions: text, eventKey: text } });
    const changes = {
      decision: { branch: text },
      session: { link: { url: text, source: "session" } },
      outcome: failed("unknown", { detail: text }),
    } as const;
    expect(await record(tasks, task, changes)).toMatchObject(changes);
    expect(await tasks.get(task.id)).toMatchObject(
      over(changes, { trigger: { instructions: text } }),
    );
    expect(await tasks.get(text)).toBeNull();
    expect(await tasks.insert(trigger)).toBeNull();
  });
});

test("a zero, which PostgreSQL does not take, becomes the character for what cannot be shown", async () => {
  const { tasks } = await openStore();
  const task = await tasks.insert(commanded(1, { trigger: { instructions: "a\0b" } }));
  if (task === null) throw new TypeError("no task");
  expect(task).toMatchObject({ trigger: { instructions: "a\uFFFDb" } });
  const recorded = await record(tasks, task, {
    schedule: { retries: 2 },
    outcome: failed("unknown", { detail: "\0" }),
  });
  expect(recorded).toMatchObject({
    schedule: { retries: 2 },
    outcome: failed("unknown", { detail: "\uFFFD" }),
  });
});

describe("a check of the database", () => {
  test("succeeds while the database can be written", async () => {
    const { tasks } = await openStore();
    await expect(tasks.checkWrite()).resolves.toBeUndefined();
  });

  test("rejects when the database is closed, as everything does", async () => {
    const store = await openStore();
    const { tasks } = store;
    await store.close();
    await expect(tasks.checkWrite()).rejects.toThrow();
    await expect(tasks.insert(labeled())).rejects.toThrow();
    await expect(tasks.waiting()).rejects.toThrow();
  });
});
