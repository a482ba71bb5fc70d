import { describe, expect, test } from "vitest";
import { createRecoveryStore } from "../../src/store/recovery.ts";
import { openStore } from "./opened.ts";
import { commanded } from "./trigger.ts";

const NOON = Date.parse("2026-11-21T12:00:00.000Z");

async function recoveryWithClock() {
  let now = NOON;
  const { database } = await openStore();
  const open = () => createRecoveryStore(database, () => new Date(now));
  return { store: open(), other: open(), passMs: (ms: number) => (now += ms) };
}

describe("a round of the recovery", () => {
  test("begins where the last one ended", async () => {
    const { store } = await recoveryWithClock();
    expect(await store.begin()).toEqual({ cursor: "", asked: [] });
    const progress = { cursor: "2026-11-21T11:00:00Z", asked: ["delivery-1", "it's", "[]"] };
    await store.end(progress);
    expect(await store.begin()).toEqual(progress);
  });

  test("is one replica's, until it ends", async () => {
    const { store, other } = await recoveryWithClock();
    const begun = await Promise.all([store.begin(), other.begin(), store.begin()]);
    expect(begun.filter((progress) => progress !== null)).toHaveLength(1);
    await Promise.all([store, other].map((each) => each.end({ cursor: "", asked: [] })));
    expect(await store.begin()).not.toBeNull();
  });

  test("that broke off lets another in after two minutes", async () => {
    const { store, other, passMs } = await recoveryWithClock();
    await store.begin();
    passMs(120_000);
    expect(await other.begin()).toBeNull();
    passMs(1);
    expect(await other.begin()).not.toBeNull();
  });

  test("that could not be ended is begun again by whoever was at it", async () => {
    const { store, other, passMs } = await recoveryWithClock();
    await store.begin();
    passMs(30_000);
    expect(await other.begin()).toBeNull();
    expect(await store.begin()).toEqual({ cursor: "", asked: [] });
    passMs(110_000);
    expect(await other.begin()).toBeNull();
  });

  test("that has taken too long ends nothing of the one that another has begun", async () => {
    const { store, other, passMs } = await recoveryWithClock();
    await store.begin();
    passMs(120_001);
    await other.begin();
    await store.end({ cursor: "too late", asked: [] });
    await store.release();
    expect(await store.begin()).toBeNull();
    await other.end({ cursor: "in time", asked: [] });
    expect(await store.begin()).toEqual({ cursor: "in time", asked: [] });
  });
});

test("the deliveries that made a task are known, of however many", async () => {
  const { tasks, database } = await openStore();
  for (const number of [1, 1_000, 2_500]) await tasks.insert(commanded(number));
  const store = createRecoveryStore(database, () => new Date(NOON));
  const asked = Array.from({ length: 3_000 }, (_, index) => `delivery-${index}`);
  expect(await store.known(asked)).toEqual(
    new Set(["delivery-1", "delivery-1000", "delivery-2500"]),
  );
  expect(await store.known([])).toEqual(new Set());
});
