import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createBatcher } from "../../src/store/batcher.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function gatheringOf(...items: number[]) {
  const batcher = createBatcher<number>(8);
  const add = (...all: number[]) => all.forEach((item) => batcher.add(item));
  add(...items);
  return { ...batcher, add };
}

test("one alone waits for nobody", async () => {
  const batcher = gatheringOf(1);
  expect(await batcher.take()).toEqual([1]);
  expect(batcher.isEmpty()).toBe(true);
  batcher.add(2);
  expect(await batcher.take()).toEqual([2]);
});

test("those that come in the same turn are taken together, up to the limit", async () => {
  const batcher = gatheringOf(1, 2, 3);
  const taken = batcher.take();
  batcher.add(4, 5, 6, 7, 8, 9, 10);
  expect(await taken).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(batcher.isEmpty()).toBe(false);
});

/** Turns of the event loop in which nothing comes. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}

test("after many, the first waits until half as many are there", async () => {
  const batcher = gatheringOf(1, 2, 3, 4, 5, 6);
  await batcher.take();
  batcher.add(7);
  const taken = batcher.take();
  await turns();
  batcher.add(8);
  await turns();
  batcher.add(9, 10);
  expect(await taken).toEqual([7, 8, 9, 10]);
});

test("after many, the first waits for 4 ms when the others do not come", async () => {
  const batcher = gatheringOf(1, 2, 3, 4, 5, 6);
  await batcher.take();
  batcher.add(7);
  const seen: string[] = [];
  const taken = batcher.take().finally(() => seen.push("taken"));
  await turns();
  await vi.advanceTimersByTimeAsync(3);
  seen.push("3 ms");
  await vi.advanceTimersByTimeAsync(1);
  expect(await taken).toEqual([7]);
  expect(seen).toEqual(["3 ms", "taken"]);
});

test("long after many, the first waits for nobody", async () => {
  const batcher = gatheringOf(1, 2, 3, 4, 5, 6);
  await batcher.take();
  vi.advanceTimersByTime(100);
  batcher.add(7);
  expect(await batcher.take()).toEqual([7]);
});
