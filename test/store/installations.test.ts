import { describe, expect, test } from "vitest";
import type { LifeChange } from "../../src/core/life.ts";
import { readAudit } from "../../src/store/audit.ts";
import { createRecoveryStore } from "../../src/store/recovery.ts";
import {
  AT_NOON,
  at,
  deletedRepository,
  installation,
  living,
  moved,
  NOON,
  removed,
} from "./living.ts";
import { ADMITTED, ASKED, claimed, inserted, insertMany, moving, UNLIMITED } from "./story.ts";
import { commanded } from "./trigger.ts";

const CANCELLING: [what: string, change: () => LifeChange, cancellation: string][] = [
  ["is deleted", () => installation("installation_deleted"), "installation_deleted"],
  ["is suspended", () => installation("installation_suspended"), "installation_suspended"],
  ["loses their repository", () => removed([5, 1_296_269]), "repository_removed"],
  ["sees their repository deleted", () => deletedRepository(1_296_269), "repository_deleted"],
];

describe.each(CANCELLING)("when an installation %s", (_what, change, cancellation) => {
  test("tasks that wait are cancelled, and the audit tells", async () => {
    const { tasks, installations, steps, goTo } = await living();
    const [waiting, admitted] = [
      await inserted(tasks, commanded(1)),
      await moving(tasks, commanded(2)),
    ];
    await tasks.record(admitted, ADMITTED);
    goTo(1);
    expect(await installations.applyLifeChange(change())).toEqual({ cancelled: 2 });
    const end = { state: "cancelled", cancellation, settledAt: at(1), updatedAt: at(1) };
    const free = { leaseUntil: null, lane: null };
    expect(await tasks.get(waiting.id)).toEqual({ ...waiting, ...end, ...free, attempt: 1 });
    expect(await tasks.get(admitted.id)).toMatchObject({ ...end, ...free, attempt: 2 });
    expect(await tasks.waiting()).toEqual([]);
    expect((await steps()).slice(-2)).toEqual(
      expect.arrayContaining([
        [waiting.id, "cancelled", cancellation],
        [admitted.id, "cancelled", cancellation],
      ]),
    );
  });

  test("whoever moves one of them loses the claim", async () => {
    const { tasks, installations } = await living();
    const mine = await moving(tasks, commanded(1));
    await installations.applyLifeChange(change());
    expect(await tasks.record(mine, ADMITTED)).toBeNull();
    expect(await tasks.begin(mine, ASKED, UNLIMITED)).toEqual({ type: "lost" });
    expect(await tasks.claim(mine.id, "start")).toEqual({ type: "settled" });
  });

  test("tasks with a session go on, and what is settled stays as it is", async () => {
    const { tasks, installations } = await living();
    const running = await tasks.record(await moving(tasks, commanded(1)), ASKED);
    const settled = await tasks.record(await moving(tasks, commanded(2)), {
      state: "failed",
      settledAt: AT_NOON,
    });
    expect(await installations.applyLifeChange(change())).toEqual({ cancelled: 0 });
    expect(await tasks.get(running?.id ?? "")).toEqual(running);
    expect(await tasks.get(settled?.id ?? "")).toEqual(settled);
  });

  test("the tasks of others go on", async () => {
    const { tasks, installations } = await living();
    await inserted(tasks, commanded(1, { installationId: 32, repositoryId: 6 }));
    expect(await installations.applyLifeChange(change())).toEqual({ cancelled: 0 });
    expect(await tasks.waiting()).toHaveLength(1);
  });

  test("a delivery that comes again does nothing to what has come since", async () => {
    const { tasks, installations, steps } = await living();
    const again = change();
    await inserted(tasks, commanded(1));
    expect(await installations.applyLifeChange(again)).toEqual({ cancelled: 1 });
    const { id } = await inserted(tasks, commanded(2));
    const before = await steps();
    expect(await installations.applyLifeChange(again)).toEqual({ cancelled: 0 });
    expect(await tasks.waiting()).toEqual([id]);
    expect(await steps()).toEqual(before);
  });
});

describe("of repositories that are removed", () => {
  test("a thousand and more are looked for", async () => {
    const { tasks, installations } = await living();
    const ids = Array.from({ length: 2_500 }, (_, index) => index + 1);
    for (const id of [1, 1_000, 2_500]) {
      await inserted(tasks, commanded(id, { repositoryId: id }));
    }
    expect(await installations.applyLifeChange(removed(ids))).toEqual({ cancelled: 3 });
    expect(await installations.applyLifeChange(removed([]))).toEqual({ cancelled: 0 });
  });

  test("those tasks are cancelled too whose webhook named no installation", async () => {
    const { tasks, installations } = await living();
    await inserted(tasks, commanded(1, { installationId: null }));
    const change = removed([1_296_269]);
    expect(await installations.applyLifeChange(change)).toEqual({ cancelled: 1 });
  });

  // A transfer is told to the former owner's installation as a removal.
  test("one that has come to another installation keeps its tasks", async () => {
    const { tasks, installations } = await living();
    await inserted(tasks, commanded(1));
    const owner = { ownerId: 5, owner: "new-org", installationId: 32 };
    await installations.applyLifeChange(moved({ type: "repository_transferred", ...owner }));
    const change = removed([1_296_269]);
    expect(await installations.applyLifeChange(change)).toEqual({ cancelled: 0 });
  });
});

test("many tasks are cancelled at once, and each is in the audit", async () => {
  const { tasks, installations, database } = await living();
  await insertMany(tasks, 1_100);
  const change = installation("installation_deleted");
  expect(await installations.applyLifeChange(change)).toEqual({ cancelled: 1_100 });
  const entries = await readAudit(database, { step: "cancelled", limit: 2_000 });
  expect(new Set(entries.map(({ taskId }) => taskId)).size).toBe(1_100);
});

const created = (minutes: number) => installation("installation_created", { at: at(minutes) });
const suspended = (minutes: number) => installation("installation_suspended", { at: at(minutes) });
const unsuspended = (minutes: number) =>
  installation("installation_unsuspended", { at: at(minutes) });
const deleted = (minutes: number) => installation("installation_deleted", { at: at(minutes) });

describe("the row of an installation", () => {
  const active = { id: 31, ownerId: 9_919, owner: "octo-org", suspendedAt: null, deletedAt: null };
  test.each<[what: string, changes: LifeChange[], row: object]>([
    ["created", [created(0)], { updatedAt: at(0) }],
    ["suspended", [created(0), suspended(1)], { suspendedAt: at(1), updatedAt: at(1) }],
    ["never heard of before", [suspended(1)], { suspendedAt: at(1), updatedAt: at(1) }],
    ["unsuspended", [suspended(1), unsuspended(2)], { updatedAt: at(2) }],
    // As in GitHub's own examples.
    [
      "unsuspended at the time of its suspension",
      [suspended(1), unsuspended(1)],
      { updatedAt: at(1) },
    ],
    ["unsuspended, where that is no change", [suspended(1), unsuspended(0)], { updatedAt: at(1) }],
    [
      "unsuspended before it is known to be suspended",
      [unsuspended(2), suspended(1)],
      { updatedAt: at(2) },
    ],
    [
      "suspended again",
      [suspended(1), unsuspended(1), suspended(3)],
      { suspendedAt: at(3), updatedAt: at(3) },
    ],
    ["deleted", [created(0), deleted(1)], { deletedAt: at(9), updatedAt: at(1) }],
    [
      "deleted, where that is no change",
      [created(1), deleted(0)],
      { deletedAt: at(9), updatedAt: at(1) },
    ],
    [
      "deleted before it is known to be created",
      [deleted(1), created(1)],
      { deletedAt: at(9), updatedAt: at(1) },
    ],
    [
      "deleted while it was suspended",
      [suspended(1), deleted(2), unsuspended(1)],
      { deletedAt: at(9), updatedAt: at(2) },
    ],
    ["created again", [deleted(1), created(2)], { updatedAt: at(2) }],
  ])("%s", async (_what, changes, row) => {
    const { installations, rows, goTo } = await living();
    goTo(9);
    for (const change of changes) await installations.applyLifeChange(change);
    expect(await rows()).toEqual([{ ...active, ...row }]);
  });

  test("follows the account's name", async () => {
    const { installations, rows } = await living();
    await installations.applyLifeChange(created(0));
    const renamed = { at: at(1), owner: "octo-corp" };
    await installations.applyLifeChange(installation("installation_suspended", renamed));
    expect(await rows()).toMatchObject([{ owner: "octo-corp" }]);
  });

  test("keeps the time at which the bot learnt of its end", async () => {
    const { installations, rows, goTo } = await living();
    await installations.applyLifeChange(deleted(0));
    goTo(30);
    await installations.applyLifeChange(deleted(0));
    expect(await rows()).toMatchObject([{ deletedAt: AT_NOON }]);
  });
});

test("an old suspension that is told late cancels nothing", async () => {
  const { tasks, installations } = await living();
  await installations.applyLifeChange(installation("installation_unsuspended", { at: at(2) }));
  await inserted(tasks, commanded(1));
  const late = installation("installation_suspended", { at: at(1) });
  expect(await installations.applyLifeChange(late)).toEqual({ cancelled: 0 });
  expect(await tasks.waiting()).toHaveLength(1);
});

describe("a repository that moves", () => {
  test("takes its unsettled tasks along, under their claims", async () => {
    const { tasks, installations } = await living();
    const mine = await moving(tasks, commanded(1));
    const running = await tasks.record(await moving(tasks, commanded(2)), ASKED);
    const settled = await tasks.record(await moving(tasks, commanded(3)), { settledAt: AT_NOON });
    const other = await inserted(tasks, commanded(4, { repositoryId: 5 }));
    expect(await installations.applyLifeChange(moved())).toEqual({ cancelled: 0 });
    const renamed = { repository: "world", owner: "octo-org", installationId: 31 };
    expect(await tasks.record(mine, { branch: "main" })).toMatchObject(renamed);
    expect(await tasks.get(running?.id ?? "")).toEqual({ ...running, ...renamed });
    expect(await tasks.get(settled?.id ?? "")).toEqual(settled);
    expect(await tasks.get(other.id)).toEqual(other);
  });

  test.each([32, null])("to another owner is known by its installation %o", async (id) => {
    const { tasks, installations } = await living();
    const task = await inserted(tasks, commanded(1));
    const owner = { ownerId: 5, owner: "new-org", repository: "hello", installationId: id };
    await installations.applyLifeChange(moved({ type: "repository_transferred", ...owner }));
    expect(await tasks.get(task.id)).toEqual({ ...task, ...owner });
  });

  test("and keeps its owner keeps its installation", async () => {
    const { tasks, installations } = await living();
    const { id } = await inserted(tasks, commanded(1));
    await installations.applyLifeChange(moved({ installationId: null }));
    expect(await tasks.get(id)).toMatchObject({ repository: "world", installationId: 31 });
  });

  test("is not taken back by what is told late", async () => {
    const { tasks, installations } = await living();
    const { id } = await inserted(tasks, commanded(1));
    await installations.applyLifeChange(moved({ repository: "newest", at: at(2) }));
    await installations.applyLifeChange(moved({ repository: "older", at: at(1) }));
    expect(await tasks.get(id)).toMatchObject({ repository: "newest" });
    await installations.applyLifeChange(moved({ repository: "newer still", at: at(2) }));
    expect(await tasks.get(id)).toMatchObject({ repository: "newer still" });
  });
});

test("what is known of old deliveries is forgotten with old tasks", async () => {
  const { tasks, installations, database, goTo } = await living();
  await installations.applyLifeChange(moved());
  goTo(1);
  await installations.applyLifeChange(moved({ repositoryId: 5, at: at(1) }));
  expect(await tasks.prune(new Date(at(1)))).toBe(0);
  expect(await database.selectFrom("lifeEvents").select("appliedAt").execute()).toEqual([
    { appliedAt: at(1) },
  ]);
  expect(await database.selectFrom("repositories").selectAll().execute()).toEqual([
    { id: 5, updatedAt: at(1) },
  ]);
});

test("a delivery that was applied is known to the recovery", async () => {
  const { installations, tasks, database } = await living();
  const change = moved();
  await installations.applyLifeChange(change);
  await inserted(tasks, commanded(1));
  const recovery = createRecoveryStore(database, () => new Date(NOON));
  const known = await recovery.known([change.deliveryId, "delivery-1"]);
  expect(known).toEqual(new Set([change.deliveryId, "delivery-1"]));
});

test("while a task is claimed, its start and its end come one after the other", async () => {
  const { tasks, installations } = await living();
  for (let number = 1; number <= 10; number += 1) {
    const { id } = await inserted(tasks, commanded(number));
    const mine = await claimed(tasks, id, "receive");
    const [start, { cancelled }] = await Promise.all([
      tasks.begin(mine, ASKED, UNLIMITED),
      installations.applyLifeChange(removed([1_296_269])),
    ]);
    expect([start.type, cancelled]).toEqual(start.type === "begun" ? ["begun", 0] : ["lost", 1]);
  }
});
