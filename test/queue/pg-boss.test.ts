import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Measured } from "../../src/core/metrics/measured.ts";
import { createSharedQueue } from "../../src/queue/pg-boss.ts";
import type { Next, Work } from "../../src/ports/queue.ts";
import { openPostgres, sqlIn } from "../../src/store/postgres.ts";
import { createTestDatabase } from "../store/test-database.ts";

/** A queue on a database of its own; replicas of it are made by `replica`. */
async function openQueue() {
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  const log = { warn: vi.fn(), error: vi.fn() };
  const measured: Measured[] = [];
  const measure = (one: Measured) => void measured.push(one);
  const replica = async (work: Work, maxConcurrentStarts = 2) => {
    const shared = await createSharedQueue(url, { log, hasSchema: false, measure });
    const queue = await shared.work(work, maxConcurrentStarts);
    onTestFinished(() => queue.stop(1));
    return { shared, queue };
  };
  return { url, log, measured, replica };
}

/** Work that records its calls. */
function createWork(next: (taskId: string, lane: "receive" | "start") => Next) {
  const moves: string[] = [];
  const move = (lane: "receive" | "start") => (taskId: string) => {
    moves.push(`${lane} ${taskId}`);
    return Promise.resolve(next(taskId, lane));
  };
  return { moves, receive: move("receive"), start: move("start") };
}

const straight = createWork((_taskId, lane) => (lane === "receive" ? "start" : "done"));

describe("a queue in PostgreSQL", () => {
  test("takes a task from its receipt to its start", async () => {
    const { replica } = await openQueue();
    const work = createWork((_taskId, lane) => (lane === "receive" ? "start" : "done"));
    const { queue } = await replica(work);
    queue.process("a");
    await vi.waitUntil(() => work.moves.length === 2, 30_000);
    expect(work.moves).toEqual(["receive a", "start a"]);
  });

  test("measures how long tasks wait since they're due, and whether their steps fail", async () => {
    const { replica, measured, log } = await openQueue();
    const { queue } = await replica({
      receive: () => Promise.resolve({ afterMs: 1_500, lane: "start" }),
      start: () => Promise.reject(new Error("broken")),
    });
    queue.process("a");
    await vi.waitUntil(() => log.error.mock.calls.length > 0, 30_000);
    expect(measured).toEqual([
      { type: "queue_wait", lane: "receive", seconds: expect.any(Number) },
      { type: "queue_step", lane: "receive", result: "done" },
      { type: "queue_wait", lane: "start", seconds: expect.any(Number) },
      { type: "queue_step", lane: "start", result: "failed" },
    ]);
  });

  test("processes a task again after a while, in the lane that it names", async () => {
    const { replica } = await openQueue();
    const work = createWork(() =>
      work.moves.length < 3 ? { afterMs: 200, lane: "start" } : "done",
    );
    const { queue } = await replica(work);
    queue.process("a");
    await vi.waitUntil(() => work.moves.length === 3, 30_000);
    expect(work.moves).toEqual(["receive a", "start a", "start a"]);
  });

  test("processes many again at once, when they're due", async () => {
    const { replica } = await openQueue();
    const begun: string[] = [];
    const rest = Promise.withResolvers<void>();
    const work: Work = {
      receive: () => Promise.resolve({ afterMs: 500, lane: "start" }),
      async start(taskId) {
        begun.push(taskId);
        // The places fill up: each look finds one more, and those that have one do not come back.
        await rest.promise;
        return "done";
      },
    };
    const { queue } = await replica(work, 30);
    const ids = Array.from({ length: 30 }, (_, index) => `task-${index}`);
    for (const id of ids) queue.process(id);
    // By the looks of one lane alone, one a second, it would take half a minute.
    await vi.waitUntil(() => begun.length === 30, 30_000);
    rest.resolve();
    expect(new Set(begun)).toEqual(new Set(ids));
  });

  test("puts a task in its place only when the transaction that writes it is committed", async () => {
    const { url, replica } = await openQueue();
    const work = createWork(() => "done");
    const { shared } = await replica(work);
    const database = openPostgres(url);
    onTestFinished(() => database.destroy());
    const undone = database.transaction().execute(async (transaction) => {
      await shared.enqueue(sqlIn(transaction), [{ id: "undone", ownerId: 1, requesterId: 1 }]);
      throw new Error("no");
    });
    await expect(undone).rejects.toThrow("no");
    for (const id of ["done", "done later"]) {
      await database
        .transaction()
        .execute((transaction) =>
          shared.enqueue(sqlIn(transaction), [{ id, ownerId: 1, requesterId: 1 }]),
        );
      await vi.waitUntil(() => work.moves.includes(`receive ${id}`), 30_000);
    }
    // What came before them would have been moved before them.
    expect(work.moves).toEqual(["receive done", "receive done later"]);
  });

  test("drains many tasks over two replicas, each once, without waiting for polls", async () => {
    const { replica } = await openQueue();
    const done: string[] = [];
    const work = createWork((taskId, lane) => {
      if (lane === "receive") return "start";
      done.push(taskId);
      return "done";
    });
    const { queue } = await replica(work);
    await replica(work);
    const ids = Array.from({ length: 300 }, (_, index) => `task-${index}`);
    for (const id of ids) queue.process(id);
    // One job a second and place, as without being woken, would take more than a minute.
    await vi.waitUntil(() => done.length >= 300, 30_000);
    expect(new Set(done).size).toBe(300);
  });

  test("lets nobody wait for what somebody has requested in bulk", async () => {
    const { url, log, replica } = await openQueue();
    const database = openPostgres(url);
    onTestFinished(() => database.destroy());
    const moves: string[] = [];
    const work: Work = {
      async receive(taskId) {
        moves.push(taskId);
        await sleep(20);
        return "done";
      },
      start: () => Promise.resolve("done"),
    };
    const shared = await createSharedQueue(url, { log, hasSchema: false });
    const enqueue = (id: string, ownerId: number, requesterId: number) =>
      database
        .transaction()
        .execute((transaction) =>
          shared.enqueue(sqlIn(transaction), [{ id, ownerId, requesterId }]),
        );
    for (let count = 0; count < 60; count += 1) await enqueue(`flood-${count}`, 1, 1);
    await enqueue("same account", 1, 2);
    await enqueue("other account", 2, 3);
    await replica(work);
    await vi.waitUntil(() => moves.length === 62, 30_000);
    expect(moves.indexOf("other account")).toBeLessThan(10);
    expect(moves.indexOf("same account")).toBeLessThan(15);
    const queue = await shared.work(work, 1);
    await queue.stop(1);
  });

  test("keeps places for people with few requests, while long steps take all others", async () => {
    const { replica } = await openQueue();
    const moves: string[] = [];
    const over = Promise.withResolvers<Next>();
    const { queue } = await replica({
      receive(taskId) {
        moves.push(taskId);
        return over.promise;
      },
      start: () => Promise.resolve("done"),
    });
    for (let count = 0; count < 9; count += 1) {
      queue.process(`flood-${count}`, { ownerId: 1, requesterId: 1 });
    }
    await vi.waitUntil(() => moves.length >= 3, 30_000);
    await sleep(1_500);
    queue.process("other", { ownerId: 2, requesterId: 2 });
    await vi.waitUntil(() => moves.includes("other"), 30_000);
    over.resolve("done");
  });

  test("processes a task again whose step failed, and says so", async () => {
    const { replica, log } = await openQueue();
    const { queue } = await replica({
      ...straight,
      receive: () => Promise.reject(new Error("broken")),
    });
    queue.process("a");
    await vi.waitUntil(() => log.error.mock.calls.length > 0, 30_000);
    expect(log.error.mock.calls[0]?.[1]).toBe("step failed: the task is processed again");
  });

  test("hands back what does not end in time when it is stopped", async () => {
    const { replica } = await openQueue();
    const stuck = createWork(() => "done");
    const { queue } = await replica({
      ...stuck,
      receive(taskId) {
        stuck.moves.push(taskId);
        return new Promise<Next>(() => {});
      },
    });
    queue.process("a");
    await vi.waitUntil(() => stuck.moves.length === 1, 30_000);
    await queue.stop(1_000);
    const other = createWork(() => "done");
    await replica(other);
    await vi.waitUntil(() => other.moves.length === 1, 30_000);
    expect(other.moves).toEqual(["receive a"]);
  });

  test("waits for what is running when it is stopped, and takes nothing new", async () => {
    const { replica } = await openQueue();
    const running = Promise.withResolvers<Next>();
    const moves: string[] = [];
    const { queue } = await replica({
      receive(taskId) {
        moves.push(taskId);
        return running.promise;
      },
      start: () => Promise.resolve("done"),
    });
    queue.process("a");
    await vi.waitUntil(() => moves.length === 1, 30_000);
    const stopped = queue.stop(10_000);
    running.resolve("done");
    await stopped;
    expect(moves).toEqual(["a"]);
  });
});
