import { describe, expect, test } from "vitest";
import type { Allowance } from "../../src/core/allowance.ts";
import type { Limit } from "../../src/core/denial.ts";
import type { TaskChanges } from "../../src/core/task.ts";
import type { Trigger } from "../../src/core/trigger.ts";
import { readAudit } from "../../src/store/audit.ts";
import type { StoreOptions } from "../../src/store/tasks.ts";
import { openStore } from "./opened.ts";
import { moving, UNLIMITED } from "./story.ts";
import { commanded } from "./trigger.ts";

const NOON = Date.parse("2026-11-21T12:00:00.000Z");
const HOUR_MS = 3_600_000;

/** A store with a clock that the test moves, on which tasks are begun one by one. */
async function beginning(options: Partial<StoreOptions> = {}) {
  let now = NOON;
  let number = 0;
  const store = await openStore(undefined, { ...options, now: () => new Date(now) });
  const { tasks } = store;
  return {
    ...store,
    passMs: (ms: number) => (now += ms),
    moving: (trigger: Partial<Trigger> = {}) => moving(tasks, commanded((number += 1), trigger)),
    begin: async (
      allowance: Allowance,
      trigger: Partial<Trigger> = {},
      changes: TaskChanges = {},
    ) => {
      const task = await moving(tasks, commanded((number += 1), trigger));
      return tasks.begin(task, { ...askedAt(now), ...changes }, allowance);
    },
  };
}

function askedAt(now: number) {
  return { state: "in_progress", sessionIntentAt: new Date(now).toISOString() } as const;
}

function atMost(most: number, scope: Limit["scope"], per: Limit["per"] = "hour"): Allowance {
  return { limits: [{ scope, per, most }], atOnce: null };
}

describe("a start", () => {
  test("is recorded", async () => {
    const { tasks, moving: move, passMs } = await beginning();
    const task = await move();
    passMs(5_000);
    const changes = { ...askedAt(NOON), promptDigest: "3".repeat(64), leftOut: "\0" };
    const begun = { ...task, ...changes, leftOut: "\uFFFD", updatedAt: "2026-11-21T12:00:05.000Z" };
    expect(await tasks.begin(task, changes, UNLIMITED)).toEqual({ type: "begun", task: begun });
    expect(await tasks.get(task.id)).toEqual(begun);
  });

  test("is not recorded under an old claim", async () => {
    const { tasks, moving: move } = await beginning();
    const old = await move();
    await tasks.release(old);
    await tasks.claim(old.id, "start");
    expect(await tasks.begin(old, askedAt(NOON), UNLIMITED)).toEqual({ type: "lost" });
    expect(await tasks.get(old.id)).toMatchObject({ sessionIntentAt: null });
  });

  test("that is refused changes nothing", async () => {
    const { tasks, begin, moving: move, database } = await beginning();
    const allowance = atMost(1, "requester");
    await begin(allowance);
    const task = await move();
    const entries = await readAudit(database, { limit: 100 });
    expect(await tasks.begin(task, askedAt(NOON), allowance)).toMatchObject({ type: "refused" });
    expect(await tasks.get(task.id)).toEqual(task);
    expect(await readAudit(database, { limit: 100 })).toEqual(entries);
  });
});

describe("a limit", () => {
  test.each([
    ["hour", HOUR_MS],
    ["day", 24 * HOUR_MS],
  ] as const)("of an %s tells when the next may start, and frees then", async (per, windowMs) => {
    const { begin, passMs } = await beginning();
    const allowance = atMost(2, "requester", per);
    await begin(allowance);
    passMs(60_000);
    await begin(allowance);
    passMs(60_000);
    const [limit] = allowance.limits;
    const freesAt = new Date(NOON + windowMs).toISOString();
    const denial = { reason: "over_limit", limit, freesAt };
    expect(await begin(allowance)).toEqual({ type: "refused", denial });
    passMs(windowMs - 120_001);
    expect(await begin(allowance)).toEqual({ type: "refused", denial });
    passMs(1);
    expect(await begin(allowance)).toMatchObject({ type: "begun" });
    const later = { freesAt: new Date(NOON + windowMs + 60_000).toISOString() };
    expect(await begin(allowance)).toMatchObject({ denial: later });
  });

  test.each<[scope: Limit["scope"], counted: Partial<Trigger>, free: Partial<Trigger>]>([
    ["requester", { repositoryId: 5 }, { requesterId: 5 }],
    ["requester", {}, { ownerId: 5 }],
    ["repository", { requesterId: 5 }, { repositoryId: 5 }],
    ["organisation", { requesterId: 5, repositoryId: 5 }, { ownerId: 5 }],
  ])("of a %s counts %o and not %o", async (scope, counted, free) => {
    const { begin } = await beginning();
    const allowance = atMost(1, scope);
    await begin(allowance);
    expect(await begin(allowance, counted)).toMatchObject({ type: "refused" });
    expect(await begin(allowance, free)).toMatchObject({ type: "begun" });
  });

  test("counts what has ended, and not what was never asked for", async () => {
    const { tasks, begin, moving: move } = await beginning();
    const allowance = atMost(2, "requester");
    const denied = await move();
    await tasks.record(denied, { denial: "fork", settledAt: new Date(NOON).toISOString() });
    const first = await begin(allowance);
    if (first.type !== "begun") throw new TypeError("not begun");
    await tasks.record(first.task, { state: "failed", settledAt: new Date(NOON).toISOString() });
    expect(await begin(allowance)).toMatchObject({ type: "begun" });
    expect(await begin(allowance)).toMatchObject({ type: "refused" });
  });

  test("does not count a try that created nothing, nor the task itself", async () => {
    const { tasks, begin } = await beginning();
    const allowance = atMost(1, "requester");
    const first = await begin(allowance);
    if (first.type !== "begun") throw new TypeError("not begun");
    expect(await tasks.begin(first.task, askedAt(NOON), allowance)).toMatchObject({
      type: "begun",
    });
    await tasks.record(first.task, { sessionIntentAt: null, retries: 1, state: "queued" });
    expect(await begin(allowance)).toMatchObject({ type: "begun" });
  });

  test("that is broken is named, whatever else is allowed", async () => {
    const { begin } = await beginning();
    const [hour] = atMost(5, "requester").limits;
    const [day] = atMost(1, "organisation", "day").limits;
    if (hour === undefined || day === undefined) throw new TypeError("no limits");
    const allowance = { limits: [hour, day], atOnce: 1 };
    await begin(allowance);
    expect(await begin(allowance)).toMatchObject({ denial: { reason: "over_limit", limit: day } });
  });
});

describe("as many as may run at once", () => {
  const allowance = { limits: [], atOnce: 1 };
  const refused = { type: "refused", denial: { reason: "too_many_at_once", most: 1 } };

  test.each(["in_progress", "waiting_for_user"] as const)(
    "are those that are %s",
    async (state) => {
      const { begin } = await beginning();
      await begin(allowance, {}, { state });
      expect(await begin(allowance)).toEqual(refused);
      expect(await begin(allowance, { repositoryId: 5 })).toMatchObject({ type: "begun" });
    },
  );

  test.each(["idle", "completed", "failed", "timed_out", "cancelled"] as const)(
    "are not those that are %s",
    async (state) => {
      const { begin } = await beginning();
      await begin(allowance, {}, { state });
      expect(await begin(allowance)).toMatchObject({ type: "begun" });
    },
  );

  test("are no longer those of whose end nobody has heard for an hour", async () => {
    const { begin, passMs, tasks } = await beginning();
    const first = await begin(allowance);
    passMs(HOUR_MS + 1);
    // One that is still followed runs, however long it does.
    expect(await begin(allowance)).toEqual(refused);
    if (first.type !== "begun") throw new TypeError("not begun");
    await tasks.record(first.task, { settledAt: "2026-11-21T13:00:00.000Z" });
    expect(await begin(allowance)).toMatchObject({ type: "begun" });
  });
});

describe("of many starts at once, no more are begun than", () => {
  test.each<[what: string, allowance: Allowance]>([
    ["the requester's limit", atMost(3, "requester")],
    ["the organisation's limit", atMost(3, "organisation", "day")],
    ["may run at once", { limits: [], atOnce: 3 }],
  ])("%s", async (_what, allowance) => {
    const { tasks, moving: move, passMs } = await beginning({ mostStartsPerRepository: 50 });
    const all = [];
    for (let count = 0; count < 12; count += 1) all.push(await move());
    passMs(1);
    const starts = await Promise.all(
      all.map((task) => tasks.begin(task, askedAt(NOON), allowance)),
    );
    expect(starts.filter(({ type }) => type === "begun")).toHaveLength(3);
  });
});

test("starts wait for others of their account where the database needs that", async () => {
  const waited: number[] = [];
  const { begin } = await beginning({
    waitForOthers: async (_transaction, id) => void waited.push(id),
  });
  await begin(UNLIMITED, { ownerId: 77 });
  expect(waited).toEqual([77]);
});
