import { describe, expect, test } from "vitest";
import type { Allowance } from "../../src/core/access/allowance.ts";
import type { Limit } from "../../src/core/task/denial.ts";
import { readAudit } from "../../src/store/audit.ts";
import type { StoreOptions } from "../../src/store/tasks.ts";
import { openStore } from "./opened.ts";
import { moving, record, UNLIMITED } from "./story.ts";
import { commanded } from "./trigger.ts";
import type { Layer } from "../core/task.ts";
import { changed, denied, over } from "../core/task.ts";
import type { TriggerLayer } from "../core/task.ts";

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
    moving: (trigger: TriggerLayer = {}) => moving(tasks, commanded((number += 1), trigger)),
    begin: async (allowance: Allowance, trigger: TriggerLayer = {}, changes: Layer = {}) => {
      const task = await moving(tasks, commanded((number += 1), trigger));
      return tasks.begin(task, changed(task, over(askedAt(now), changes)), allowance);
    },
  };
}

function askedAt(now: number) {
  return { state: "in_progress", session: { intentAt: new Date(now).toISOString() } } as const;
}

function atMost(most: number, scope: Limit["scope"], per: Limit["per"] = "hour"): Allowance {
  return { limits: [{ scope, per, most }], atOnce: null };
}

describe("a start", () => {
  test("is recorded", async () => {
    const { tasks, moving: move, passMs } = await beginning();
    const task = await move();
    passMs(5_000);
    const changes = over(askedAt(NOON), {
      session: { prompt: { digest: "3".repeat(64), leftOut: "\0" } },
    });
    const begun = changed(task, changes, {
      updatedAt: "2026-11-21T12:00:05.000Z",
      session: { prompt: { leftOut: "\uFFFD" } },
    });
    expect(await tasks.begin(task, changed(task, changes), UNLIMITED)).toEqual({
      type: "begun",
      task: begun,
    });
    expect(await tasks.get(task.id)).toEqual(begun);
  });

  test("is not recorded under an old claim", async () => {
    const { tasks, moving: move } = await beginning();
    const old = await move();
    await tasks.release(old);
    await tasks.claim(old.id, "start");
    expect(await tasks.begin(old, changed(old, askedAt(NOON)), UNLIMITED)).toEqual({
      type: "lost",
    });
    expect(await tasks.get(old.id)).toMatchObject({ session: { intentAt: null } });
  });

  test("that is refused changes nothing", async () => {
    const { tasks, begin, moving: move, database } = await beginning();
    const allowance = atMost(1, "requester");
    await begin(allowance);
    const task = await move();
    const entries = await readAudit(database, { limit: 100 });
    expect(await tasks.begin(task, changed(task, askedAt(NOON)), allowance)).toMatchObject({
      type: "refused",
    });
    expect(await tasks.get(task.id)).toEqual(task);
    expect(await readAudit(database, { limit: 100 })).toEqual(entries);
  });
});

describe("a limit", () => {
  test.each([
    ["hour", HOUR_MS],
    ["day", 24 * HOUR_MS],
  ] as const)("of an %s says when the next can start, and frees then", async (per, windowMs) => {
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

  test.each<[scope: Limit["scope"], counted: TriggerLayer, free: TriggerLayer]>([
    ["requester", { place: { repositoryId: 5 } }, { requester: { id: 5 } }],
    ["requester", {}, { place: { ownerId: 5 } }],
    ["repository", { requester: { id: 5 } }, { place: { repositoryId: 5 } }],
    [
      "organization",
      { requester: { id: 5 }, place: { repositoryId: 5 } },
      { place: { ownerId: 5 } },
    ],
  ])("of a %s counts %o and not %o", async (scope, counted, free) => {
    const { begin } = await beginning();
    const allowance = atMost(1, scope);
    await begin(allowance);
    expect(await begin(allowance, counted)).toMatchObject({ type: "refused" });
    expect(await begin(allowance, free)).toMatchObject({ type: "begun" });
  });

  test("counts what has ended, and not what was never requested", async () => {
    const { tasks, begin, moving: move } = await beginning();
    const allowance = atMost(2, "requester");
    const refused = await move();
    await record(tasks, refused, {
      settledAt: new Date(NOON).toISOString(),
      outcome: denied("fork"),
    });
    const first = await begin(allowance);
    if (first.type !== "begun") throw new TypeError("not begun");
    await record(tasks, first.task, { state: "failed", settledAt: new Date(NOON).toISOString() });
    expect(await begin(allowance)).toMatchObject({ type: "begun" });
    expect(await begin(allowance)).toMatchObject({ type: "refused" });
  });

  test("does not count a try that created nothing, nor the task itself", async () => {
    const { tasks, begin } = await beginning();
    const allowance = atMost(1, "requester");
    const first = await begin(allowance);
    if (first.type !== "begun") throw new TypeError("not begun");
    expect(
      await tasks.begin(first.task, changed(first.task, askedAt(NOON)), allowance),
    ).toMatchObject({
      type: "begun",
    });
    await record(tasks, first.task, {
      state: "queued",
      session: { intentAt: null },
      schedule: { retries: 1 },
    });
    expect(await begin(allowance)).toMatchObject({ type: "begun" });
  });

  test("that is broken is named, whatever else is allowed", async () => {
    const { begin } = await beginning();
    const [hour] = atMost(5, "requester").limits;
    const [day] = atMost(1, "organization", "day").limits;
    if (hour === undefined || day === undefined) throw new TypeError("no limits");
    const allowance = { limits: [hour, day], atOnce: 1 };
    await begin(allowance);
    expect(await begin(allowance)).toMatchObject({ denial: { reason: "over_limit", limit: day } });
  });
});

describe("as many as may run at once", () => {
  const allowance = { limits: [], atOnce: 1 };
  const since = new Date(NOON).toISOString();
  const full = {
    type: "full",
    task: { schedule: { waitingSince: since, atOnce: 1 }, session: { intentAt: null } },
  };

  test("are those that are in progress: the next one waits", async () => {
    const { begin, tasks } = await beginning();
    await begin(allowance);
    const next = await begin(allowance);
    expect(next).toMatchObject(full);
    if (next.type !== "full") throw new TypeError("not full");
    expect(await tasks.get(next.task.id)).toEqual(next.task);
    expect(await begin(allowance, { place: { repositoryId: 5 } })).toMatchObject({ type: "begun" });
  });

  test.each(["waiting_for_user", "idle", "completed", "failed", "timed_out", "cancelled"] as const)(
    "are not those that are %s",
    async (state) => {
      const { begin } = await beginning();
      await begin(allowance, {}, { state });
      expect(await begin(allowance)).toMatchObject({ type: "begun" });
    },
  );

  test("no longer include those without news for an hour", async () => {
    const { begin, passMs, tasks } = await beginning();
    const first = await begin(allowance);
    passMs(HOUR_MS + 1);
    // One that is still followed runs, however long it does.
    const waiting = await begin(allowance);
    expect(waiting).toMatchObject({ type: "full" });
    if (first.type !== "begun" || waiting.type !== "full") throw new TypeError("not begun");
    await tasks.release(waiting.task);
    expect(await tasks.startable()).toEqual([]);
    await record(tasks, first.task, { settledAt: "2026-11-21T13:00:00.000Z" });
    expect(await tasks.startable()).toMatchObject([{ id: waiting.task.id }]);
  });

  test("let waiting tasks begin in their order, and nothing before them", async () => {
    const { begin, tasks, passMs } = await beginning();
    const running = await begin(allowance);
    const line = [];
    for (let count = 0; count < 3; count += 1) {
      passMs(1_000);
      const waiting = await begin(allowance);
      if (waiting.type !== "full") throw new TypeError("not full");
      await tasks.release(waiting.task);
      line.push(waiting.task);
    }
    const [first, second, third] = line;
    if (running.type !== "begun" || !first || !second || !third) throw new TypeError("no line");
    expect(await tasks.startable()).toEqual([]);
    await record(tasks, running.task, { state: "idle" });
    expect(await tasks.startable()).toMatchObject([{ id: first.id }]);
    passMs(1_000);
    expect(await begin(allowance)).toMatchObject({ type: "full" });
    expect(await tasks.begin(second, changed(second, askedAt(NOON)), allowance)).toMatchObject({
      type: "full",
    });
    // One that can't be tried now holds up nobody.
    await record(tasks, first, { schedule: { notBefore: new Date(NOON + HOUR_MS).toISOString() } });
    expect(await tasks.startable()).toMatchObject([{ id: second.id }]);
    const begun = over(askedAt(NOON), { schedule: { waitingSince: null, atOnce: null } });
    expect(await tasks.begin(second, changed(second, begun), allowance)).toMatchObject({
      task: begun,
    });
    expect(await tasks.startable()).toEqual([]);
    // The policy may have come to let more run.
    const { ownerId, repositoryId } = third.place;
    expect(await tasks.startable({ ownerId, repositoryId, atOnce: 2 })).toMatchObject([
      { id: third.id },
    ]);
    expect(await tasks.startable({ ownerId, repositoryId: 5, atOnce: 2 })).toEqual([]);
  });

  test("keep others waiting that nothing else looks at, and that count toward other limits", async () => {
    const { begin, tasks, passMs } = await beginning();
    const both = { ...atMost(3, "requester"), atOnce: 1 };
    await begin(both);
    const ids: string[] = [];
    for (let count = 0; count < 2; count += 1) {
      const waiting = await begin(both);
      if (waiting.type !== "full") throw new TypeError("not full");
      await tasks.release(waiting.task);
      ids.push(waiting.task.id);
    }
    passMs(10_000);
    expect((await tasks.waiting()).filter((id) => ids.includes(id))).toEqual([]);
    expect(await begin(both)).toMatchObject({ type: "refused", denial: { reason: "over_limit" } });
    expect(await begin(both, { requester: { id: 5 } })).toMatchObject({ type: "full" });
  });
});

describe("of many starts at once, no more are begun than", () => {
  test.each<[what: string, allowance: Allowance]>([
    ["the requester's limit", atMost(3, "requester")],
    ["the organization's limit", atMost(3, "organization", "day")],
    ["may run at once", { limits: [], atOnce: 3 }],
  ])("%s", async (_what, allowance) => {
    const { tasks, moving: move, passMs } = await beginning({ mostStartsPerRepository: 50 });
    const all = [];
    for (let count = 0; count < 12; count += 1) all.push(await move());
    passMs(1);
    const starts = await Promise.all(
      all.map((task) => tasks.begin(task, changed(task, askedAt(NOON)), allowance)),
    );
    const others = starts.filter(({ type }) => type !== "begun").map(({ type }) => type);
    expect(new Set(others)).toEqual(new Set([allowance.atOnce === null ? "refused" : "full"]));
    expect(starts.filter(({ type }) => type === "begun")).toHaveLength(3);
  });
});

test("starts wait for others of their account where the database needs that", async () => {
  const waited: number[] = [];
  const { begin } = await beginning({
    waitForOthers: async (_transaction, id) => void waited.push(id),
  });
  await begin(UNLIMITED, { place: { ownerId: 77 } });
  expect(waited).toEqual([77]);
});
