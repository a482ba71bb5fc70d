import { expect, test } from "vitest";
import { readTasks } from "../../src/store/task-reading.ts";
import { openStore } from "./opened.ts";
import { plansOf } from "./query-plans.ts";
import { ADMITTED, ASKED, claimed, inserted, moving, record } from "./story.ts";
import { commanded } from "./trigger.ts";

const NOON = Date.parse("2026-11-29T12:00:00.000Z");
const at = (seconds: number) => new Date(NOON + seconds * 1_000).toISOString();

/** A store with a clock that the test moves, in seconds after noon. */
async function open() {
  let now = NOON;
  const store = await openStore(undefined, { now: () => new Date(now) });
  return {
    ...store,
    reading: store.readTasks,
    goTo: (seconds: number) => (now = NOON + seconds * 1_000),
  };
}

test("nothing is there at first", async () => {
  const store = await open();
  expect(await store.readTasks()).toEqual({
    unsettled: [],
    oldestQueuedSeconds: 0,
    undelivered: 0,
    oldestUndeliveredSeconds: 0,
    connections: { connected: 0, ended: 0 },
  });
});

test("tasks that aren't settled are counted by state", async () => {
  const { tasks, reading } = await open();
  for (const number of [1, 2]) await inserted(tasks, commanded(number));
  const running = await moving(tasks, commanded(3));
  await record(tasks, running, ADMITTED, ASKED);
  const settled = await moving(tasks, commanded(4));
  await record(tasks, settled, { state: "completed", settledAt: at(0) });
  const { unsettled } = await reading();
  expect(new Map(unsettled.map(({ state, count }) => [state, count]))).toEqual(
    new Map([
      ["queued", 2],
      ["in_progress", 1],
    ]),
  );
});

test("how long tasks wait says the first one that is due, and that nobody processes", async () => {
  const { tasks, reading, goTo } = await open();
  const oldest = async () => (await reading()).oldestQueuedSeconds;
  const { id } = await inserted(tasks, commanded(1));
  goTo(10);
  await inserted(tasks, commanded(2));
  goTo(30);
  expect(await oldest()).toBe(30);

  // Somebody processes the first one.
  const first = await claimed(tasks, id, "receive");
  expect(await oldest()).toBe(20);
  const later = { schedule: { notBefore: at(60) } };
  const rested = await record(tasks, first, later);
  await tasks.release(rested ?? first);
  expect(await oldest()).toBe(20);
  goTo(65);
  expect(await oldest()).toBe(55);
});

test("a task that waits for a place in its repository isn't the queue's", async () => {
  const { tasks, reading, goTo } = await open();
  const task = await moving(tasks, commanded(1));
  const waiting = await record(tasks, task, { schedule: { waitingSince: at(0), atOnce: 1 } });
  await tasks.release(waiting ?? task);
  goTo(600);
  expect((await reading()).oldestQueuedSeconds).toBe(0);
});

test("what GitHub refuses is counted, with how long it has", async () => {
  const { tasks, reading, goTo } = await open();
  const task = await moving(tasks, commanded(1));
  const refused = { since: at(0), count: 3, type: "ip_not_allowed", message: "No" } as const;
  await record(tasks, task, { shown: { refused } });
  goTo(90);
  expect(await reading()).toMatchObject({ undelivered: 1, oldestUndeliveredSeconds: 90 });
});

// SQLite's own words.
test.skipIf(process.env["TEST_STORE"] === "postgres")(
  "no task that's settled is looked at",
  async () => {
    const { database } = await open();
    const plans = await plansOf(database, (recorded) => readTasks(recorded, new Date(NOON)));
    const ofTasks = plans.filter((line) => /^(?:SCAN|SEARCH) tasks/u.test(line));
    expect(ofTasks).toHaveLength(4);
    // Their indexes have only those that aren't.
    const index = /USING (?:COVERING )?INDEX tasks_(?:unsettled|undelivered|repository|subject)\b/u;
    for (const line of ofTasks) expect(line).toMatch(index);
  },
);
