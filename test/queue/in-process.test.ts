import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createInProcessQueue } from "../../src/queue/in-process.ts";
import type { Next } from "../../src/ports/queue.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Moves of tasks that end when the test says. */
function createWork() {
  const running = new Map<string, PromiseWithResolvers<Next>>();
  const began: string[] = [];
  const begin = (move: string) => {
    const end = Promise.withResolvers<Next>();
    began.push(move);
    running.set(move, end);
    return end.promise.finally(() => running.delete(move));
  };
  const endOf = (move: string) => {
    const end = running.get(move);
    if (end === undefined) throw new TypeError(`${move} is not running`);
    return end;
  };
  return {
    receive: (taskId: string) => begin(`receive ${taskId}`),
    start: (taskId: string) => begin(`start ${taskId}`),
    /** Every move so far, in order. */
    began,
    running: () => [...running.keys()],
    /** Ends a move, and lets what follows from it begin. */
    async end(move: string, next: Next) {
      endOf(move).resolve(next);
      await settle();
    },
    async breakOff(move: string, error: Error) {
      endOf(move).reject(error);
      await settle();
    },
  };
}

/** Lets everything happen that waits for nothing but its turn. */
async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

function createQueue(maxConcurrentStarts = 2) {
  const work = createWork();
  const log = { warn: vi.fn(), error: vi.fn() };
  const queue = createInProcessQueue({ work, maxConcurrentStarts, log });
  const lookAt = async (...taskIds: string[]) => {
    for (const taskId of taskIds) queue.process(taskId);
    await settle();
  };
  /** Takes tasks to their starts. */
  const admit = async (...taskIds: string[]) => {
    await lookAt(...taskIds);
    for (const taskId of taskIds) await work.end(`receive ${taskId}`, "start");
  };
  return { queue, work, log, lookAt, admit };
}

describe("a task that is processed", () => {
  test("is received, started, and done", async () => {
    const { work, lookAt } = createQueue();
    await lookAt("a");
    expect(work.began).toEqual(["receive a"]);
    await work.end("receive a", "start");
    expect(work.began).toEqual(["receive a", "start a"]);
    await work.end("start a", "done");
    expect(work.began).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("may be done when it was received", async () => {
    const { work, lookAt } = createQueue();
    await lookAt("a");
    await work.end("receive a", "done");
    expect(work.running()).toEqual([]);
    await lookAt("a");
    expect(work.began).toEqual(["receive a", "receive a"]);
  });

  test("is not moved twice at once, but once more afterwards", async () => {
    const { work, lookAt } = createQueue();
    await lookAt("a", "a", "a");
    expect(work.began).toEqual(["receive a"]);
    await work.end("receive a", "start");
    await lookAt("a");
    expect(work.began).toEqual(["receive a", "start a"]);
    await work.end("start a", "done");
    expect(work.began).toEqual(["receive a", "start a", "receive a"]);
    await work.end("receive a", "done");
    expect(work.running()).toEqual([]);
  });

  test("does not keep another one waiting", async () => {
    const { work, lookAt } = createQueue();
    await lookAt("a", "b");
    await work.end("receive b", "done");
    expect(work.running()).toEqual(["receive a"]);
  });
});

describe("in the lane of starts", () => {
  test("no more than the limit run at once, in their order", async () => {
    const { work, admit } = createQueue(2);
    await admit("a", "b", "c", "d");
    expect(work.running()).toEqual(["start a", "start b"]);
    await work.end("start b", "done");
    expect(work.running()).toEqual(["start a", "start c"]);
    await work.end("start c", "done");
    await work.end("start a", "done");
    expect(work.running()).toEqual(["start d"]);
  });

  test("a start that fails or waits makes room", async () => {
    const { work, admit } = createQueue(1);
    await admit("a", "b", "c");
    await work.breakOff("start a", new Error("boom"));
    expect(work.running()).toEqual(["start b"]);
    await work.end("start b", { afterMs: 60_000 });
    expect(work.running()).toEqual(["start c"]);
  });

  test("however full it is, receipts don't wait", async () => {
    const { work, lookAt, admit } = createQueue(1);
    await admit("a", "b");
    await lookAt("c", "d");
    expect(work.running()).toEqual(["start a", "receive c", "receive d"]);
  });
});

test("no more than ten receipts run at once", async () => {
  const { work, lookAt } = createQueue();
  const ids = Array.from({ length: 12 }, (_, index) => `${index}`);
  await lookAt(...ids);
  expect(work.running()).toHaveLength(10);
  await work.end("receive 3", "done");
  expect(work.running()).toHaveLength(10);
  expect(work.began.at(-1)).toBe("receive 10");
});

/** So many tasks of one person. */
function flood(ownerId: number, requesterId: number, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: `${ownerId}/${requesterId}/${index}`,
    ownerId,
    requesterId,
  }));
}

describe("what somebody requests in bulk", () => {
  test.each([
    ["takes no more than four places in one account", flood(1, 1, 90), 4],
    [
      "takes no more than six places, however many people ask",
      [1, 2, 3, 4].flatMap((person) => flood(1, person, 30)),
      6,
    ],
    [
      "takes all places only when several accounts want them",
      [1, 2].flatMap((owner) => flood(owner, 1, 9).concat(flood(owner, 2, 9))),
      10,
    ],
  ])("%s", async (_what, tasks, places) => {
    const { queue, work } = createQueue();
    for (const task of tasks) queue.process(task.id, task);
    await settle();
    expect(work.running()).toHaveLength(places);
  });

  test("keeps nobody of another account waiting", async () => {
    const { queue, work } = createQueue();
    for (const task of flood(1, 1, 90)) queue.process(task.id, task);
    queue.process("other", { ownerId: 2, requesterId: 2 });
    await settle();
    expect(work.began.indexOf("receive other")).toBe(4);
  });

  test("keeps nobody of the same account waiting for more than one of it", async () => {
    const { queue, work } = createQueue();
    for (const person of [1, 2, 3]) {
      for (const task of flood(1, person, 30)) queue.process(task.id, task);
    }
    queue.process("other", { ownerId: 1, requesterId: 9 });
    await settle();
    expect(work.began).not.toContain("receive other");
    for (const move of work.running().slice(0, 3)) await work.end(move, "done");
    expect(work.began.indexOf("receive other")).toBeLessThan(10);
  });

  test("takes turns in the lane of starts, too", async () => {
    const { queue, work } = createQueue(1);
    for (const task of [...flood(1, 1, 4), ...flood(2, 2, 1)]) {
      queue.process(task.id, task);
      await settle();
      await work.end(`receive ${task.id}`, "start");
    }
    await work.end("start 1/1/0", "done");
    expect(work.running()).toEqual(["start 2/2/0"]);
  });
});

describe("a task that is due later", () => {
  test("is received then, and not before", async () => {
    const { work, lookAt } = createQueue();
    await lookAt("a");
    await work.end("receive a", { afterMs: 5_000 });
    await vi.advanceTimersByTimeAsync(4_999);
    expect(work.began).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(work.began).toEqual(["receive a", "receive a"]);
  });

  test("is started then, where that is its lane", async () => {
    const { work, admit } = createQueue();
    await admit("a");
    await work.end("start a", { afterMs: 5_000, lane: "start" });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(work.began).toEqual(["receive a", "start a", "start a"]);
  });

  test("is processed at once when it's enqueued again meanwhile", async () => {
    const { work, lookAt } = createQueue();
    await lookAt("a");
    await lookAt("a");
    await work.end("receive a", { afterMs: 5_000 });
    expect(work.began).toEqual(["receive a", "receive a"]);
  });
});

test.each(["receive", "start"] as const)(
  "a step that fails is reported, and its task is processed again: %s",
  async (lane) => {
    const { work, log, lookAt, admit } = createQueue();
    const error = new Error("boom");
    await (lane === "receive" ? lookAt("a") : admit("a"));
    await work.breakOff(`${lane} a`, error);
    expect(log.error.mock.calls).toEqual([
      [{ taskId: "a", err: error }, "step failed: the task is processed again"],
    ]);
    const before = work.began.length;
    await vi.advanceTimersByTimeAsync(29_999);
    expect(work.began).toHaveLength(before);
    await vi.advanceTimersByTimeAsync(1);
    expect(work.began.slice(before)).toEqual(["receive a"]);
  },
);

/** Whether the stop has ended by now. */
async function stopping(stop: Promise<void>) {
  let ended = false;
  void stop.then(() => (ended = true));
  await settle();
  return () => ended;
}

describe("a queue that stops", () => {
  test("ends at once when nothing runs, and leaves no timer behind", async () => {
    const { queue, work, log, lookAt } = createQueue();
    await lookAt("a");
    await work.end("receive a", { afterMs: 5_000 });
    const ended = await stopping(queue.stop(20_000));
    expect(ended()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    expect(log.warn).not.toHaveBeenCalled();
  });

  test("takes nothing new, and nothing that waits", async () => {
    const { queue, work, lookAt, admit } = createQueue(1);
    await admit("a", "b");
    await lookAt(...Array.from({ length: 12 }, (_, index) => `${index}`));
    const before = work.began.length;
    const ended = await stopping(queue.stop(20_000));
    await lookAt("c");
    for (const move of work.running()) await work.end(move, "start");
    expect(ended()).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(work.began).toHaveLength(before);
  });

  test("waits for what runs", async () => {
    const { queue, work, log, lookAt, admit } = createQueue();
    await admit("a");
    await lookAt("b");
    const ended = await stopping(queue.stop(20_000));
    await work.end("start a", "done");
    await vi.advanceTimersByTimeAsync(19_999);
    expect(ended()).toBe(false);
    await work.end("receive b", "done");
    expect(ended()).toBe(true);
    expect(log.warn).not.toHaveBeenCalled();
  });

  test("waits no longer than its limit, and returns how much is left", async () => {
    const { queue, log, lookAt, admit } = createQueue();
    await admit("a");
    await lookAt("b");
    const ended = await stopping(queue.stop(20_000));
    await vi.advanceTimersByTimeAsync(19_999);
    expect(ended()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(ended()).toBe(true);
    expect(log.warn.mock.calls).toEqual([[{ unfinished: 2 }, "stopped with tasks unfinished"]]);
  });

  test("processes nothing again that fails or waits afterwards", async () => {
    const { queue, work, lookAt } = createQueue();
    await lookAt("a", "b");
    const ended = await stopping(queue.stop(20_000));
    await work.end("receive a", { afterMs: 1 });
    await work.breakOff("receive b", new Error("boom"));
    expect(ended()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(work.began).toEqual(["receive a", "receive b"]);
  });
});
