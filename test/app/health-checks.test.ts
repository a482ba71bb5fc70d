import { expect, test, vi } from "vitest";
import { createHealthChecks } from "../../src/app/health-checks.ts";
import type { Finding } from "../../src/core/doctor/finding.ts";

const MINUTE_MS = 60_000;
const finding = (found: string): Finding => ({ level: "ok", what: "x", found, cure: null });

/** Health checks whose results come when the test says so. */
function prepared(waitMs = 5) {
  const clock = { now: Date.parse("2026-11-30T06:00:00.000Z") };
  const running: PromiseWithResolvers<readonly Finding[]>[] = [];
  const logged: string[] = [];
  const checks = createHealthChecks({
    examine() {
      const one = Promise.withResolvers<readonly Finding[]>();
      running.push(one);
      return one.promise;
    },
    now: () => new Date(clock.now),
    log: { error: (_fields, words) => void logged.push(words) },
    waitMs,
  });
  const found = async () => (await checks.health())?.findings.map((one) => one.found) ?? null;
  return { clock, running, logged, found, ...checks };
}

/** One that was made at the beginning. */
async function checked() {
  const all = prepared();
  const first = all.found();
  all.running[0]?.resolve([finding("first")]);
  await first;
  return all;
}

test("all who ask together wait for one check, and get it for a minute", async () => {
  const { running, clock, found, health } = prepared(10_000);
  const asked = Promise.all([found(), found(), found()]);
  running[0]?.resolve([finding("first")]);
  expect(await asked).toEqual([["first"], ["first"], ["first"]]);
  clock.now += MINUTE_MS - 1;
  expect(await health()).toEqual({
    checkedAt: "2026-11-30T06:00:00.000Z",
    findings: [finding("first")],
  });
  expect(running).toHaveLength(1);
});

test("whoever asks after a minute gets the old one, and hears when there's a new one", async () => {
  const { running, clock, found, onHealthCheck } = await checked();
  clock.now += MINUTE_MS;
  expect(await found()).toEqual(["first"]);
  expect(running).toHaveLength(2);
  const heard = new Promise<void>((resolve) => {
    onHealthCheck(resolve);
  });
  running[1]?.resolve([finding("second")]);
  await heard;
  expect(await found()).toEqual(["second"]);
  expect(running).toHaveLength(2);
});

test("nobody waits for long: there's none then, and the check goes on", async () => {
  const { running, found } = prepared();
  expect(await found()).toBe(null);
  running[0]?.resolve([finding("late")]);
  await vi.waitFor(async () => expect(await found()).toEqual(["late"]));
  expect(running).toHaveLength(1);
});

test("a check that takes minutes stays the only one, and old findings aren't shown forever", async () => {
  const { running, clock, found } = await checked();
  clock.now += 14 * MINUTE_MS;
  expect(await found()).toEqual(["first"]);
  clock.now += MINUTE_MS;
  expect(await found()).toBe(null);
  expect(running).toHaveLength(2);
});

test("one that fails is in the log, and isn't repeated before a minute is over", async () => {
  const { running, clock, logged, found } = prepared(10_000);
  const asked = found();
  running[0]?.reject(new Error("no"));
  expect(await asked).toBe(null);
  expect(logged).toEqual(["health check failed"]);
  expect(await found()).toBe(null);
  expect(running).toHaveLength(1);
  clock.now += MINUTE_MS;
  const again = found();
  running[1]?.resolve([finding("well")]);
  expect(await again).toEqual(["well"]);
});

test("whoever stops listening hears nothing more", async () => {
  const { running, clock, found, onHealthCheck } = await checked();
  const listener = vi.fn();
  onHealthCheck(listener)();
  clock.now += MINUTE_MS;
  await found();
  running[1]?.resolve([]);
  await vi.waitFor(async () => expect(await found()).toEqual([]));
  expect(listener).not.toHaveBeenCalled();
});
