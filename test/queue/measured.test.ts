import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Measured } from "../../src/core/metrics/measured.ts";
import type { Next } from "../../src/ports/queue.ts";
import { createInProcessQueue } from "../../src/queue/in-process.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("it's measured how long tasks wait for a place in a lane, and whether their steps fail", async () => {
  const measured: Measured[] = [];
  const first = Promise.withResolvers<Next>();
  const queue = createInProcessQueue({
    work: {
      receive: () => Promise.resolve("start"),
      start: (taskId) => (taskId === "a" ? first.promise : Promise.resolve("done")),
    },
    maxConcurrentStarts: 1,
    log: { warn() {}, error() {} },
    measure: (one) => void measured.push(one),
  });
  queue.process("a");
  queue.process("b");
  await vi.advanceTimersByTimeAsync(2_500);
  first.reject(new Error("broken"));
  await vi.advanceTimersByTimeAsync(0);

  const ofLane = (lane: "receive" | "start") =>
    measured.filter((one) => "lane" in one && one.lane === lane);
  const received = { type: "queue_step", lane: "receive", result: "done" };
  const unhindered = { type: "queue_wait", lane: "receive", seconds: 0 };
  expect(ofLane("receive")).toEqual([unhindered, unhindered, received, received]);
  expect(ofLane("start")).toEqual([
    { type: "queue_wait", lane: "start", seconds: 0 },
    { type: "queue_step", lane: "start", result: "failed" },
    { type: "queue_wait", lane: "start", seconds: 2.5 },
    { type: "queue_step", lane: "start", result: "done" },
  ]);
});
