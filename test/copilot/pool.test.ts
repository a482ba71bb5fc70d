import { CopilotClient } from "@github/copilot-sdk";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PoolLimits } from "../../src/copilot/pool.ts";
import { createPool } from "../../src/copilot/pool.ts";
import type { Runtime } from "../../src/copilot/runtime.ts";

const client = new CopilotClient({ mode: "empty", baseDirectory: "/nowhere" });
const HOUR_MS = 3_600_000;

// Time passes when a test says so.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** What is waited for in the time that the pool looks around in. */
async function soon<T>(coming: Promise<T>): Promise<T> {
  await pass(100);
  return coming;
}

/** A pool whose processes only exist on paper. */
function pooled(limits: Partial<PoolLimits> = {}) {
  const running: string[] = [];
  let most = 0;
  const change = () => (most = Math.max(most, running.length));
  const create = (token: string): Runtime => ({
    running() {
      if (!running.includes(token)) running.push(token);
      change();
      return Promise.resolve({ client, family: "newer", gone: new AbortController().signal });
    },
    status: () => ({ state: "ready", version: "1", cloudSessions: true, family: "newer" }),
    processId: () => null,
    retire() {},
    async stop() {
      await Promise.resolve();
      running.splice(running.indexOf(token), 1);
      change();
    },
  });
  const pool = createPool({
    create,
    maxRuntimes: 2,
    idleMs: HOUR_MS,
    minIdleMs: 0,
    lookEveryMs: 1,
    log: { info() {} },
    ...limits,
  });
  return { pool, running, most: () => most };
}

it("has one process for each user, however many sessions", async () => {
  const { pool, running } = pooled();
  await Promise.all([
    pool.lease({ token: "ann" }),
    pool.lease({ token: "bob" }),
    pool.lease({ token: "ann" }),
  ]);
  expect(running).toEqual(["ann", "bob"]);
  expect(pool.members().map(({ held }) => held.size)).toEqual([2, 1]);
});

it("ends a process that nobody uses, but none with a session", async () => {
  const { pool, running } = pooled({ idleMs: 1 });
  const lease = await pool.lease({ token: "ann" });
  await pool.lease({ token: "bob" });
  lease.release();
  lease.release();
  await pass(1);
  expect(running).toEqual(["bob"]);
});

it("keeps a process whose user comes back in time", async () => {
  const { pool, running } = pooled({ idleMs: 20 });
  const lease = await pool.lease({ token: "ann" });
  lease.release();
  await pass(19);
  await pool.lease({ token: "ann" });
  await pass(40);
  expect(running).toEqual(["ann"]);
});

it("gives the place of a process without sessions to the next user, the one unused longest", async () => {
  const { pool, running, most } = pooled();
  const [ann, bob] = await Promise.all([
    pool.lease({ token: "ann" }),
    pool.lease({ token: "bob" }),
  ]);
  ann.release();
  await pass(2);
  bob.release();
  await soon(pool.lease({ token: "eve" }));
  expect(running).toEqual(["bob", "eve"]);
  expect(most()).toBe(2);
});

it("displaces the sessions that have been idle longest, and waits until they're disconnected", async () => {
  const { pool, running, most } = pooled();
  const [ann, bob] = await Promise.all([
    pool.lease({ token: "ann" }),
    pool.lease({ token: "bob" }),
  ]);
  ann.idle(() => Date.now());
  bob.idle(() => Date.now() - 1_000);
  const eve = pool.lease({ token: "eve" });
  expect([ann, bob].map(({ displaced }) => displaced.aborted)).toEqual([false, true]);
  expect(running).toEqual(["ann", "bob"]);
  bob.release();
  await soon(eve);
  expect(running).toEqual(["ann", "eve"]);
  expect(most()).toBe(2);
});

it("waits while every user is busy, and serves those who wait in their order", async () => {
  const { pool, running } = pooled({ maxRuntimes: 1 });
  const ann = await pool.lease({ token: "ann" });
  const order: string[] = [];
  const waiting = ["bob", "eve"].map(async (token) => {
    const lease = await pool.lease({ token });
    order.push(token);
    return lease;
  });
  await pass(10);
  expect(ann.displaced.aborted).toBe(false);
  expect([running, pool.waiting()]).toEqual([["ann"], 2]);
  ann.idle(() => Date.now());
  await pass(1);
  expect(ann.displaced.aborted).toBe(true);
  ann.release();
  await pass(1);
  const bob = await waiting[0];
  expect(running).toEqual(["bob"]);
  bob?.release();
  await pass(1);
  await waiting[1];
  expect(order).toEqual(["bob", "eve"]);
});

it("doesn't give a place that was freed for another user back to its own user", async () => {
  const { pool, running } = pooled({ maxRuntimes: 1 });
  const ann = await pool.lease({ token: "ann" });
  ann.idle(() => Date.now() - 1_000);
  const eve = pool.lease({ token: "eve" });
  const annAgain = pool.lease({ token: "ann" });
  expect([ann.displaced.aborted, pool.waiting()]).toEqual([true, 2]);
  ann.release();
  const served = await soon(eve);
  expect(running).toEqual(["eve"]);
  served.release();
  await soon(annAgain);
  expect(running).toEqual(["ann"]);
});

it("displaces the next one when a session doesn't let go", async () => {
  const { pool, running } = pooled({ letGoMs: 20 });
  const [ann, bob] = await Promise.all([
    pool.lease({ token: "ann" }),
    pool.lease({ token: "bob" }),
  ]);
  ann.idle(() => Date.now() - 2_000);
  bob.idle(() => Date.now() - 1_000);
  bob.displaced.addEventListener("abort", () => bob.release());
  const eve = pool.lease({ token: "eve" });
  expect([ann, bob].map(({ displaced }) => displaced.aborted)).toEqual([true, false]);
  await soon(eve);
  expect(running).toEqual(["ann", "eve"]);
});

it("ends a process whose session never lets go", async () => {
  const { pool, running, most } = pooled({ maxRuntimes: 1, letGoMs: 5 });
  const ann = await pool.lease({ token: "ann" });
  ann.idle(() => Date.now() - 1_000);
  await soon(pool.lease({ token: "eve" }));
  expect([running, most()]).toEqual([["eve"], 1]);
});

describe("whoever asks whether there's room", () => {
  it("has room made, in turn with those who wait, and the place is kept", async () => {
    const { pool, running } = pooled({ maxRuntimes: 1 });
    const ann = await pool.lease({ token: "ann" });
    expect(pool.hasRoom("1", { token: "eve" })).toBe(false);
    const bob = pool.lease({ token: "bob" });
    expect([pool.hasRoom("1", { token: "eve" }), pool.waiting()]).toEqual([false, 2]);
    ann.idle(() => Date.now() - 1_000);
    ann.displaced.addEventListener("abort", () => ann.release());
    await pass(1);
    expect(pool.hasRoom("1", { token: "eve" })).toBe(true);
    expect(pool.members().map(({ token }) => token)).toEqual(["eve"]);
    const eve = await pool.lease({ token: "eve" });
    expect(running).toEqual(["eve"]);
    eve.release();
    await soon(bob);
    expect(running).toEqual(["bob"]);
  });

  it("isn't waited for by others when it doesn't ask anymore", async () => {
    const { pool, running } = pooled({ maxRuntimes: 1 });
    const ann = await pool.lease({ token: "ann" });
    expect(pool.hasRoom("1", { token: "eve" })).toBe(false);
    const bob = pool.lease({ token: "bob" });
    await vi.advanceTimersByTimeAsync(20_000);
    ann.release();
    await vi.advanceTimersByTimeAsync(10);
    await bob;
    expect(running).toEqual(["bob"]);
  });
});

it("ends the process of somebody whose token is over, if no session uses it", async () => {
  const { pool, running } = pooled({ maxRuntimes: 4 });
  const idle = await pool.lease({ token: "old", userId: 1 });
  await pool.lease({ token: "busy", userId: 1 });
  const [next, bots] = await Promise.all([
    pool.lease({ token: "next", userId: 1 }),
    pool.lease({ token: "bots" }),
  ]);
  for (const lease of [idle, next, bots]) lease.release();
  await pool.endUnused(({ userId, token }) => Promise.resolve(userId === 1 && token !== "next"));
  await pass(0);
  expect(running).toEqual(["busy", "next", "bots"]);
});

it("gives nobody a place once the bot stops", async () => {
  const { pool, running } = pooled({ maxRuntimes: 1 });
  await pool.lease({ token: "ann" });
  const waiting = pool.lease({ token: "bob" });
  const stopped = pool.stop();
  await expect(waiting).rejects.toThrow("stopped");
  await stopped;
  await expect(pool.lease({ token: "ann" })).rejects.toThrow("stopped");
  expect(running).toEqual([]);
});
