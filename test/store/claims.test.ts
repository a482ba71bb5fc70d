import { describe, expect, test } from "vitest";
import type { Task } from "../../src/core/task/task.ts";
import type { Trigger } from "../../src/core/webhook/trigger.ts";
import type { TaskStore } from "../../src/ports/tasks.ts";
import type { StoreOptions } from "../../src/store/tasks.ts";
import { openStore } from "./opened.ts";
import { commanded } from "./trigger.ts";
import { failed } from "../core/task.ts";
import { record } from "./story.ts";

const NOON = Date.parse("2026-11-21T12:00:00.000Z");
const LEASE_MS = 9_000;
const LEASED = { type: "busy", why: "leased" };
const FULL = { type: "busy", why: "repository" };

/** A store with a clock that the test moves. */
async function storeWithClock(options: Partial<StoreOptions> = {}) {
  let now = NOON;
  const { tasks } = await openStore(undefined, { ...options, now: () => new Date(now) });
  return { tasks, passMs: (ms: number) => (now += ms) };
}

async function insert(tasks: TaskStore, trigger: Trigger): Promise<Task> {
  const task = await tasks.insert(trigger);
  if (task === null) throw new TypeError("a duplicate");
  return task;
}

async function claim(tasks: TaskStore, id: string, lane: "receive" | "start" = "receive") {
  const claimed = await tasks.claim(id, lane);
  if (claimed.type !== "claimed") throw new TypeError(`not claimed: ${JSON.stringify(claimed)}`);
  return claimed.task;
}

describe("a claim", () => {
  test("raises the attempt and holds for a while", async () => {
    const { tasks } = await storeWithClock();
    const task = await insert(tasks, commanded(1));
    expect(await claim(tasks, task.id, "start")).toEqual({
      ...task,
      attempt: 1,
      lease: { lane: "start", until: new Date(NOON + LEASE_MS).toISOString() },
    });
  });

  test("keeps others away, and the task is not waiting", async () => {
    const { tasks, passMs } = await storeWithClock();
    const { id } = await insert(tasks, commanded(1));
    await claim(tasks, id);
    passMs(LEASE_MS);
    expect(await tasks.claim(id, "receive")).toEqual(LEASED);
    expect(await tasks.claim(id, "start")).toEqual(LEASED);
    expect(await tasks.waiting()).toEqual([]);
  });

  test("does not count against itself", async () => {
    const { tasks } = await storeWithClock({ mostStartsPerRepository: 1 });
    const { id } = await insert(tasks, commanded(1));
    await claim(tasks, id, "start");
    expect(await tasks.claim(id, "start")).toEqual(LEASED);
  });

  test("of ten at once is one's", async () => {
    const { tasks } = await storeWithClock();
    const { id } = await insert(tasks, commanded(1));
    const claims = await Promise.all(Array.from({ length: 10 }, () => tasks.claim(id, "receive")));
    expect(claims.filter(({ type }) => type === "claimed")).toHaveLength(1);
    expect(await tasks.get(id)).toMatchObject({ attempt: 1 });
  });

  test("ends by itself when it is not renewed", async () => {
    const { tasks, passMs } = await storeWithClock();
    const { id } = await insert(tasks, commanded(1));
    await claim(tasks, id);
    passMs(LEASE_MS + 1);
    expect(await tasks.waiting()).toEqual([id]);
    expect(await claim(tasks, id)).toMatchObject({ attempt: 2 });
  });

  test("holds as long as it is renewed", async () => {
    const { tasks, passMs } = await storeWithClock();
    const { id } = await insert(tasks, commanded(1));
    const mine = await claim(tasks, id);
    for (let time = 0; time < 5; time += 1) {
      passMs(LEASE_MS);
      expect(await tasks.renew(mine)).toBe(true);
    }
    expect(await tasks.claim(id, "receive")).toEqual(LEASED);
  });

  test("ends when it is released", async () => {
    const { tasks } = await storeWithClock();
    const { id } = await insert(tasks, commanded(1));
    await tasks.release(await claim(tasks, id));
    expect(await tasks.waiting()).toEqual([id]);
    expect(await claim(tasks, id)).toMatchObject({ attempt: 2 });
  });

  test("ends when all are released", async () => {
    const { tasks } = await storeWithClock();
    const ids = [(await insert(tasks, commanded(1))).id, (await insert(tasks, commanded(2))).id];
    for (const id of ids) await claim(tasks, id, "start");
    await tasks.releaseAll();
    expect((await tasks.waiting()).toSorted()).toEqual(ids.toSorted());
  });

  test.each(["receive", "start"] as const)("is not given for a settled task: %s", async (lane) => {
    const { tasks } = await storeWithClock();
    const { id } = await insert(tasks, commanded(1));
    const mine = await claim(tasks, id);
    await record(tasks, mine, { settledAt: "2026-11-21T12:00:00.000Z" });
    expect(await tasks.claim(id, lane)).toEqual({ type: "settled" });
    expect(await tasks.claim("nobody", lane)).toEqual({ type: "settled" });
    expect(await tasks.get(id)).toMatchObject({ attempt: 1 });
  });
});

describe("an old claim", () => {
  test("no longer changes anything", async () => {
    const { tasks, passMs } = await storeWithClock();
    const { id } = await insert(tasks, commanded(1));
    const old = await claim(tasks, id);
    passMs(LEASE_MS + 1);
    const mine = await claim(tasks, id, "start");
    expect(await record(tasks, old, { state: "failed", outcome: failed("unknown") })).toBeNull();
    await tasks.release(old);
    passMs(LEASE_MS - 1);
    expect(await tasks.renew(old)).toBe(false);
    expect(await tasks.get(id)).toEqual(mine);
    expect(await record(tasks, mine, { decision: { branch: "main" } })).toMatchObject({
      decision: { branch: "main" },
    });
  });

  test("of the task as it was inserted changes nothing either", async () => {
    const { tasks } = await storeWithClock();
    const task = await insert(tasks, commanded(1));
    await claim(tasks, task.id);
    expect(await record(tasks, task, { decision: { branch: "main" } })).toBeNull();
  });
});

describe("of one repository", () => {
  test("no more sessions than the most are started at once", async () => {
    const { tasks } = await storeWithClock({ mostStartsPerRepository: 2 });
    const ids: string[] = [];
    for (const number of [1, 2, 3]) ids.push((await insert(tasks, commanded(number))).id);
    const [one = "", two = "", three = ""] = ids;
    const first = await claim(tasks, one, "start");
    await claim(tasks, two, "start");
    expect(await tasks.claim(three, "start")).toEqual(FULL);
    expect(await tasks.get(three)).toMatchObject({ attempt: 0, lease: null });
    await tasks.release(first);
    expect(await claim(tasks, three, "start")).toMatchObject({ attempt: 1 });
  });

  test("of many claims at once, no more than the most are given", async () => {
    const { tasks } = await storeWithClock({ mostStartsPerRepository: 2 });
    const ids: string[] = [];
    for (const number of [1, 2, 3, 4, 5]) ids.push((await insert(tasks, commanded(number))).id);
    const claims = await Promise.all(ids.map((id) => tasks.claim(id, "start")));
    expect(claims.filter(({ type }) => type === "claimed")).toHaveLength(2);
  });

  test("receipts are not counted and do not wait", async () => {
    const { tasks } = await storeWithClock({ mostStartsPerRepository: 1 });
    const [one, two, three] = [
      await insert(tasks, commanded(1)),
      await insert(tasks, commanded(2)),
      await insert(tasks, commanded(3)),
    ];
    await claim(tasks, one.id, "receive");
    await claim(tasks, two.id, "start");
    expect(await claim(tasks, three.id, "receive")).toMatchObject({
      lease: { lane: "receive" },
    });
  });

  test("settled tasks and ended claims are not counted", async () => {
    const { tasks, passMs } = await storeWithClock({ mostStartsPerRepository: 1 });
    const [one, two, three] = [
      await insert(tasks, commanded(1)),
      await insert(tasks, commanded(2)),
      await insert(tasks, commanded(3)),
    ];
    const mine = await claim(tasks, one.id, "start");
    await record(tasks, mine, { settledAt: "2026-11-21T12:00:00.000Z" });
    await claim(tasks, two.id, "start");
    passMs(LEASE_MS + 1);
    expect(await claim(tasks, three.id, "start")).toMatchObject({ lease: { lane: "start" } });
  });

  test("another one's sessions are not counted", async () => {
    const { tasks } = await storeWithClock({ mostStartsPerRepository: 1 });
    const here = await insert(tasks, commanded(1));
    const there = await insert(tasks, commanded(2, { place: { repositoryId: 5 } }));
    await claim(tasks, here.id, "start");
    expect(await claim(tasks, there.id, "start")).toMatchObject({ lease: { lane: "start" } });
  });

  test("claims wait for each other where the database needs that", async () => {
    const locked: number[] = [];
    const { tasks } = await storeWithClock({
      waitForOthers: async (_transaction, id) => void locked.push(id),
    });
    const { id } = await insert(tasks, commanded(1, { place: { repositoryId: 5 } }));
    await tasks.release(await claim(tasks, id, "receive"));
    expect(locked).toEqual([]);
    await claim(tasks, id, "start");
    expect(locked).toEqual([5]);
  });
});
