import { describe, expect, test } from "vitest";
import { createRecovery } from "../../src/store/recovery.ts";
import { openStore } from "./opened.ts";
import { commanded } from "./trigger.ts";

const NOON = Date.parse("2026-11-21T12:00:00.000Z");

async function recoveryWithClock() {
  let now = NOON;
  const { database } = await openStore();
  const store = createRecovery(database, () => new Date(now));
  return { store, passMs: (ms: number) => (now += ms) };
}

describe("a round of the recovery", () => {
  test("begins where the last one ended", async () => {
    const { store } = await recoveryWithClock();
    const first = await store.begin();
    expect(first?.before).toEqual({ cursor: "", asked: [] });
    const progress = { cursor: "2026-11-21T11:00:00Z", asked: ["delivery-1", "it's", "[]"] };
    await first?.end(progress);
    expect((await store.begin())?.before).toEqual(progress);
  });

  test("is one replica's, until it ends", async () => {
    const { store } = await recoveryWithClock();
    const begun = await Promise.all([store.begin(), store.begin(), store.begin()]);
    const [round, ...others] = begun.filter((one) => one !== null);
    expect(others).toEqual([]);
    await round?.end({ cursor: "", asked: [] });
    expect(await store.begin()).not.toBeNull();
  });

  test("that isn't renewed lets another in after nine seconds", async () => {
    const { store, passMs } = await recoveryWithClock();
    await store.begin();
    passMs(9_000);
    expect(await store.begin()).toBeNull();
    passMs(1);
    expect(await store.begin()).not.toBeNull();
  });

  test("keeps others out for as long as it's renewed", async () => {
    const { store, passMs } = await recoveryWithClock();
    const round = await store.begin();
    for (let count = 0; count < 5; count += 1) {
      passMs(9_000);
      expect(await round?.renew()).toBe(true);
      expect(await store.begin()).toBeNull();
    }
    await round?.release();
    expect(await store.begin()).not.toBeNull();
  });

  test("changes nothing anymore once another has begun", async () => {
    const { store, passMs } = await recoveryWithClock();
    const late = await store.begin();
    passMs(9_001);
    const next = await store.begin();
    expect(await late?.renew()).toBe(false);
    await late?.release();
    await late?.end({ cursor: "2026-11-21T10:00:00Z", asked: ["delivery-1"] });
    expect(await store.begin()).toBeNull();
    await next?.end({ cursor: "2026-11-21T11:00:00Z", asked: [] });
    expect((await store.begin())?.before.cursor).toBe("2026-11-21T11:00:00Z");
  });
});

test("the deliveries that made a task are known, of however many", async () => {
  const { tasks, database } = await openStore();
  for (const number of [1, 1_000, 2_500]) await tasks.insert(commanded(number));
  const store = createRecovery(database, () => new Date(NOON));
  const asked = Array.from({ length: 3_000 }, (_, index) => `delivery-${index}`);
  expect(await store.known(asked)).toEqual(
    new Set(["delivery-1", "delivery-1000", "delivery-2500"]),
  );
  expect(await store.known([])).toEqual(new Set());
});
