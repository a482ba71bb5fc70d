import { describe, expect, test } from "vitest";
import type { Cancellation } from "../../src/core/task/outcome.ts";
import type { InstallationEvent } from "../../src/core/webhook/installation-event.ts";
import { readAudit } from "../../src/store/audit.ts";
import { createRecovery } from "../../src/store/recovery.ts";
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
import {
  ADMITTED,
  ASKED,
  claimed,
  inserted,
  insertMany,
  moving,
  record,
  UNLIMITED,
} from "./story.ts";
import { commanded } from "./trigger.ts";
import { changed, canceled } from "../core/task.ts";

const CANCELLING: [what: string, change: () => InstallationEvent, cancellation: Cancellation][] = [
  ["is deleted", () => installation("installation_deleted"), "installation_deleted"],
  ["is suspended", () => installation("installation_suspended"), "installation_suspended"],
  ["loses their repository", () => removed([5, 1_296_269]), "repository_removed"],
  ["sees their repository deleted", () => deletedRepository(1_296_269), "repository_deleted"],
];

describe.each(CANCELLING)("when an installation %s", (_what, change, cancellation) => {
  test("tasks that wait are canceled, and the audit has it", async () => {
    const { tasks, installations, steps, goTo } = await living();
    const [waiting, admitted] = [
      await inserted(tasks, commanded(1)),
      await moving(tasks, commanded(2)),
    ];
    await record(tasks, admitted, ADMITTED);
    goTo(1);
    expect(await installations.applyInstallationEvent(change())).toEqual({ canceled: 2 });
    const end = {
      state: "cancelled",
      settledAt: at(1),
      updatedAt: at(1),
      outcome: canceled(cancellation),
    };
    const free = { lease: null };
    expect(await tasks.get(waiting.id)).toEqual({ ...waiting, ...end, ...free, attempt: 1 });
    expect(await tasks.get(admitted.id)).toMatchObject({ ...end, ...free, attempt: 2 });
    expect(await tasks.waiting()).toEqual([]);
    expect((await steps()).slice(-2)).toEqual(
      expect.arrayContaining([
        [waiting.id, "canceled", cancellation],
        [admitted.id, "canceled", cancellation],
      ]),
    );
  });

  test("a process that moves one of them loses the claim", async () => {
    const { tasks, installations } = await living();
    const mine = await moving(tasks, commanded(1));
    await installations.applyInstallationEvent(change());
    expect(await record(tasks, mine, ADMITTED)).toBeNull();
    expect(await tasks.begin(mine, changed(mine, ASKED), UNLIMITED)).toEqual({ type: "lost" });
    expect(await tasks.claim(mine.id, "start")).toEqual({ type: "settled" });
  });

  test("tasks with a session continue, and what is settled stays as it is", async () => {
    const { tasks, installations } = await living();
    const running = await record(tasks, await moving(tasks, commanded(1)), ASKED);
    const settled = await record(tasks, await moving(tasks, commanded(2)), {
      state: "failed",
      settledAt: AT_NOON,
    });
    expect(await installations.applyInstallationEvent(change())).toEqual({ canceled: 0 });
    expect(await tasks.get(running?.id ?? "")).toEqual(running);
    expect(await tasks.get(settled?.id ?? "")).toEqual(settled);
  });

  test("the tasks of others continue", async () => {
    const { tasks, installations } = await living();
    await inserted(tasks, commanded(1, { place: { installationId: 32, repositoryId: 6 } }));
    expect(await installations.applyInstallationEvent(change())).toEqual({ canceled: 0 });
    expect(await tasks.waiting()).toHaveLength(1);
  });

  test("a delivery that comes again does nothing to what has come since", async () => {
    const { tasks, installations, steps } = await living();
    const again = change();
    await inserted(tasks, commanded(1));
    expect(await installations.applyInstallationEvent(again)).toEqual({ canceled: 1 });
    const { id } = await inserted(tasks, commanded(2));
    const before = await steps();
    expect(await installations.applyInstallationEvent(again)).toEqual({ canceled: 0 });
    expect(await tasks.waiting()).toEqual([id]);
    expect(await steps()).toEqual(before);
  });
});

describe("of repositories that are removed", () => {
  test("a thousand and more are looked for", async () => {
    const { tasks, installations } = await living();
    const ids = Array.from({ length: 2_500 }, (_, index) => index + 1);
    for (const id of [1, 1_000, 2_500]) {
      await inserted(tasks, commanded(id, { place: { repositoryId: id } }));
    }
    expect(await installations.applyInstallationEvent(removed(ids))).toEqual({ canceled: 3 });
    expect(await installations.applyInstallationEvent(removed([]))).toEqual({ canceled: 0 });
  });

  test("those tasks are canceled too whose webhook named no installation", async () => {
    const { tasks, installations } = await living();
    await inserted(tasks, commanded(1, { place: { installationId: null } }));
    const change = removed([1_296_269]);
    expect(await installations.applyInstallationEvent(change)).toEqual({ canceled: 1 });
  });

  // To the former owner's installation, a transfer is a removal.
  test("one that has come to another installation keeps its tasks", async () => {
    const { tasks, installations } = await living();
    await inserted(tasks, commanded(1));
    const owner = { ownerId: 5, owner: "new-org", installationId: 32 };
    await installations.applyInstallationEvent(moved({ type: "repository_transferred", ...owner }));
    const change = removed([1_296_269]);
    expect(await installations.applyInstallationEvent(change)).toEqual({ canceled: 0 });
  });
});

test("many tasks are canceled at once, and each is in the audit", async () => {
  const { tasks, installations, database } = await living();
  await insertMany(tasks, 1_100);
  const change = installation("installation_deleted");
  expect(await installations.applyInstallationEvent(change)).toEqual({ canceled: 1_100 });
  const entries = await readAudit(database, { step: "canceled", limit: 2_000 });
  expect(new Set(entries.map(({ taskId }) => taskId)).size).toBe(1_100);
});

const created = (minutes: number) => installation("installation_created", { at: at(minutes) });
const suspended = (minutes: number) => installation("installation_suspended", { at: at(minutes) });
const unsuspended = (minutes: number) =>
  installation("installation_unsuspended", { at: at(minutes) });
const deleted = (minutes: number) => installation("installation_deleted", { at: at(minutes) });

describe("the row of an installation", () => {
  const active = {
    id: 31,
    ownerId: 9_919,
    owner: "octo-org",
    suspendedAt: null,
    deletedAt: null,
  };
  test.each<[what: string, changes: InstallationEvent[], row: object]>([
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
    for (const change of changes) await installations.applyInstallationEvent(change);
    expect(await rows()).toEqual([{ ...active, ...row }]);
  });

  test("follows the account's name", async () => {
    const { installations, rows } = await living();
    await installations.applyInstallationEvent(created(0));
    const renamed = { at: at(1), owner: "octo-corp" };
    await installations.applyInstallationEvent(installation("installation_suspended", renamed));
    expect(await rows()).toMatchObject([{ owner: "octo-corp" }]);
  });

  test("keeps the time at which the bot learned of its end", async () => {
    const { installations, rows, goTo } = await living();
    await installations.applyInstallationEvent(deleted(0));
    goTo(30);
    await installations.applyInstallationEvent(deleted(0));
    expect(await rows()).toMatchObject([{ deletedAt: AT_NOON }]);
  });
});

test("an old suspension that arrives late cancels nothing", async () => {
  const { tasks, installations } = await living();
  await installations.applyInstallationEvent(
    installation("installation_unsuspended", { at: at(2) }),
  );
  await inserted(tasks, commanded(1));
  const late = installation("installation_suspended", { at: at(1) });
  expect(await installations.applyInstallationEvent(late)).toEqual({ canceled: 0 });
  expect(await tasks.waiting()).toHaveLength(1);
});

describe("a repository that moves", () => {
  test("takes its unsettled tasks along, under their claims", async () => {
    const { tasks, installations } = await living();
    const mine = await moving(tasks, commanded(1));
    const running = await record(tasks, await moving(tasks, commanded(2)), ASKED);
    const settled = await record(tasks, await moving(tasks, commanded(3)), { settledAt: AT_NOON });
    if (running === null) throw new TypeError("lost");
    const other = await inserted(tasks, commanded(4, { place: { repositoryId: 5 } }));
    expect(await installations.applyInstallationEvent(moved())).toEqual({ canceled: 0 });
    const renamed = { place: { repository: "world", owner: "octo-org", installationId: 31 } };
    expect(await record(tasks, mine, { decision: { branch: "main" } })).toMatchObject(renamed);
    expect(await tasks.get(running.id)).toEqual(changed(running, renamed));
    expect(await tasks.get(settled?.id ?? "")).toEqual(settled);
    expect(await tasks.get(other.id)).toEqual(other);
  });

  test.each([32, null])("to another owner is known by its installation %o", async (id) => {
    const { tasks, installations } = await living();
    const task = await inserted(tasks, commanded(1));
    const owner = { ownerId: 5, owner: "new-org", repository: "hello", installationId: id };
    await installations.applyInstallationEvent(moved({ type: "repository_transferred", ...owner }));
    expect(await tasks.get(task.id)).toEqual(changed(task, { place: owner }));
  });

  test("and keeps its owner keeps its installation", async () => {
    const { tasks, installations } = await living();
    const { id } = await inserted(tasks, commanded(1));
    await installations.applyInstallationEvent(moved({ installationId: null }));
    expect(await tasks.get(id)).toMatchObject({
      place: { repository: "world", installationId: 31 },
    });
  });

  test("isn't undone by an event that arrives late", async () => {
    const { tasks, installations } = await living();
    const { id } = await inserted(tasks, commanded(1));
    await installations.applyInstallationEvent(moved({ repository: "newest", at: at(2) }));
    await installations.applyInstallationEvent(moved({ repository: "older", at: at(1) }));
    expect(await tasks.get(id)).toMatchObject({ place: { repository: "newest" } });
    await installations.applyInstallationEvent(moved({ repository: "newer still", at: at(2) }));
    expect(await tasks.get(id)).toMatchObject({ place: { repository: "newer still" } });
  });
});

test("what is known of old deliveries is forgotten with old tasks", async () => {
  const { tasks, installations, database, goTo } = await living();
  await installations.applyInstallationEvent(moved());
  goTo(1);
  await installations.applyInstallationEvent(moved({ repositoryId: 5, at: at(1) }));
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
  await installations.applyInstallationEvent(change);
  await inserted(tasks, commanded(1));
  const recovery = createRecovery(database, () => new Date(NOON));
  const known = await recovery.known([change.deliveryId, "delivery-1"]);
  expect(known).toEqual(new Set([change.deliveryId, "delivery-1"]));
});

test("while a task is claimed, its start and its end come one after the other", async () => {
  const { tasks, installations } = await living();
  for (let number = 1; number <= 10; number += 1) {
    const { id } = await inserted(tasks, commanded(number));
    const mine = await claimed(tasks, id, "receive");
    const [start, { canceled: count }] = await Promise.all([
      tasks.begin(mine, changed(mine, ASKED), UNLIMITED),
      installations.applyInstallationEvent(removed([1_296_269])),
    ]);
    expect([start.type, count]).toEqual(start.type === "begun" ? ["begun", 0] : ["lost", 1]);
  }
});
