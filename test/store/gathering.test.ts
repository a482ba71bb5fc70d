import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createGathering } from "../../src/store/gathering.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function gatheringOf(...items: number[]) {
  const gathering = createGathering<number>(8);
  const add = (...all: number[]) => all.forEach((item) => gathering.add(item));
  add(...items);
  return { ...gathering, add };
}

test("one alone waits for nobody", async () => {
  const gathering = gatheringOf(1);
  expect(await gathering.take()).toEqual([1]);
  expect(gathering.isEmpty()).toBe(true);
  gathering.add(2);
  expect(await gathering.take()).toEqual([2]);
});

test("those that come in the same turn are taken together, up to the limit", async () => {
  const gathering = gatheringOf(1, 2, 3);
  const taken = gathering.take();
  gathering.add(4, 5, 6, 7, 8, 9, 10);
  expect(await taken).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(gathering.isEmpty()).toBe(false);
});

/** Turns of the event loop in which nothing comes. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}

test("after many, the first waits until half as many are there", async () => {
  const gathering = gatheringOf(1, 2, 3, 4, 5, 6);
  await gathering.take();
  gathering.add(7);
  const taken = gathering.take();
  await turns();
  gathering.add(8);
  await turns();
  gathering.add(9, 10);
  expect(await taken).toEqual([7, 8, 9, 10]);
});

test("after many, the first waits for 4 ms when the others do not come", async () => {
  const gathering = gatheringOf(1, 2, 3, 4, 5, 6);
  await gathering.take();
  gathering.add(7);
  const seen: string[] = [];
  const taken = gathering.take().finally(() => seen.push("taken"));
  await turns();
  await vi.advanceTimersByTimeAsync(3);
  seen.push("3 ms");
  await vi.advanceTimersByTimeAsync(1);
  expect(await taken).toEqual([7]);
  expect(seen).toEqual(["3 ms", "taken"]);
});

test("long after many, the first waits for nobody", async () => {
  const gathering = gatheringOf(1, 2, 3, 4, 5, 6);
  await gathering.take();
  vi.advanceTimersByTime(100);
  gathering.add(7);
  expect(await gathering.take()).toEqual([7]);
});
