import { describe, expect, test } from "vitest";
import type { Labeling } from "../../src/ports/labelings.ts";
import { erasePerson } from "../../src/store/person.ts";
import { added, at, deletedRepository, installation, removed } from "./living.ts";
import { openStore } from "./opened.ts";

const PLACE = {
  repositoryId: 1,
  installationId: 31,
  ownerId: 9_919,
  owner: "octo-org",
  repository: "one",
};
const NONE = { repositoryBlob: "", organizationBlob: "" };
const CHANGED = { repositoryBlob: "b".repeat(40), organizationBlob: "" };
const HEAD = "c".repeat(40);

/** Labelings on a clock of the test's own. */
async function openLabelings() {
  let time = Date.parse("2026-11-30T12:00:00.000Z");
  const now = () => new Date(time);
  const { labelings, installations, policyChecks, database } = await openStore(undefined, { now });

  return {
    labelings,
    database,
    policyChecks,
    wait: (minutes: number) => void (time += minutes * 60_000),
    hears: (event: Parameters<typeof installations.applyInstallationEvent>[0]) =>
      installations.applyInstallationEvent(event),
    rows: () =>
      database
        .selectFrom("labelings")
        .select(["repositoryId", "repository", "installationId", "result"])
        .orderBy("repositoryId")
        .execute(),
    /** Takes and settles all that's due; gives the repositories. */
    all: async (blobs = NONE) => {
      const done: number[] = [];
      for (;;) {
        const labeling = await labelings.take();
        if (labeling === null) return done.toSorted((one, other) => one - other);
        await labelings.settle(labeling, "created", blobs);
        done.push(labeling.repositoryId);
      }
    },
  };
}

type World = Awaited<ReturnType<typeof openLabelings>>;

function taken(labeling: Labeling | null): Labeling {
  if (labeling === null) throw new TypeError("nothing is due");
  return labeling;
}

const named = (...ids: readonly number[]) => ids.map((id) => ({ id, name: `repository-${id}` }));

/** One repository, added. */
async function openWithOne(): Promise<World> {
  const world = await openLabelings();
  await world.hears(added([{ id: 1, name: "one" }]));
  return world;
}

/** One that has its labels. */
async function openWithLabels(): Promise<World> {
  const world = await openWithOne();
  await world.all();
  return world;
}

describe("repositories get labels", () => {
  test("when the App is installed, and when one is added, each once", async () => {
    const { hears, all, rows } = await openLabelings();
    const created = installation("installation_created", { repositories: named(1, 2) });
    await hears(created);
    await hears(created);
    await hears(added(named(3)));
    expect(await all()).toEqual([1, 2, 3]);
    expect(await rows()).toMatchObject([
      { repositoryId: 1, repository: "repository-1", installationId: 31, result: "created" },
      { repositoryId: 2 },
      { repositoryId: 3 },
    ]);
  });

  test("again when they're added again", async () => {
    const { hears, all, wait, labelings } = await openWithLabels();
    wait(1);
    await hears(added([{ id: 1, name: "renamed" }]));
    expect(await labelings.take()).toMatchObject({
      repository: "renamed",
      repositoryBlob: null,
      organizationBlob: null,
      refusals: 0,
    });
    expect(await all()).toEqual([]);
  });

  test("of 200, 80 are due in each hour, in the order of GitHub's list", async () => {
    const { hears, all, wait, labelings } = await openLabelings();
    const ids = Array.from({ length: 200 }, (_none, index) => index + 1);
    await hears(installation("installation_created", { repositories: named(...ids) }));
    await hears(installation("installation_created", { installationId: 32, at: "2026-11-30" }));
    const progress = { waiting: 200, dueBy: "2026-11-30T14:00:00.000Z", refused: 0 };
    expect(await labelings.progressOf(31)).toEqual(progress);
    expect(await all()).toEqual(ids.slice(0, 80));
    wait(59);
    expect(await all()).toEqual([]);
    wait(1);
    expect(await all()).toEqual(ids.slice(80, 160));
    // Another one that's added meanwhile waits for none of them.
    await hears(added(named(201)));
    expect(await all()).toEqual([201]);
    wait(60);
    expect(await all()).toEqual(ids.slice(160));
    expect(await labelings.progressOf(31)).toEqual({ waiting: 0, dueBy: null, refused: 0 });
  });

  test("not when the installation is older than what's known, or gone", async () => {
    const { hears, rows } = await openWithOne();
    await hears(installation("installation_created", { repositories: named(2) }));
    await hears(installation("installation_deleted"));
    expect(await rows()).toEqual([]);
    await hears(installation("installation_created", { repositories: named(2) }));
    expect(await rows()).toEqual([]);
  });

  test("not when they're removed or deleted", async () => {
    const { hears, rows } = await openLabelings();
    await hears(added(named(1, 2, 3)));
    await hears(removed([1]));
    // It's in another installation.
    await hears(removed([2], 32));
    await hears(deletedRepository(3));
    expect(await rows()).toMatchObject([{ repositoryId: 2 }]);
  });
});

describe("a repository", () => {
  test("is taken by one at a time", async () => {
    const { labelings } = await openWithOne();
    const all = await Promise.all([labelings.take(), labelings.take(), labelings.take()]);
    expect(all.filter((one) => one !== null)).toHaveLength(1);
  });

  test("is taken again when whoever took it is gone, who then writes nothing", async () => {
    const { labelings, wait, rows } = await openWithOne();
    const lost = taken(await labelings.take());
    expect(await labelings.intend(lost)).toBe("go");
    wait(3);
    const labeling = taken(await labelings.take());
    expect(labeling).toMatchObject({ attempt: 2, triedAt: lost.triedAt });
    expect(await labelings.intend(lost)).toBe("lost");
    await labelings.settle(lost, "refused", null);
    await labelings.postpone(lost, new Date("2027-01-01"), "repository");
    await labelings.remove(lost);
    expect(await labelings.intend(labeling)).toBe("go");
    await labelings.settle(labeling, "created", NONE);
    expect(await rows()).toMatchObject([{ result: "created" }]);
  });

  test("that's added again is nobody's who took it before", async () => {
    const { labelings, hears, rows } = await openWithOne();
    const before = taken(await labelings.take());
    await hears(added([{ id: 1, name: "one" }]));
    await labelings.settle(before, "created", NONE);
    expect(await rows()).toMatchObject([{ result: null }]);
  });

  test("waits while its installation is suspended", async () => {
    const { hears, all } = await openWithOne();
    await hears(added(named(2), 32));
    await hears(installation("installation_suspended", { at: at(1) }));
    expect(await all()).toEqual([2]);
    await hears(installation("installation_unsuspended", { at: at(2) }));
    expect(await all()).toEqual([1]);
  });

  test("waits alone, or with its installation, until GitHub is asked again", async () => {
    const { labelings, hears, all, wait } = await openLabelings();
    await hears(added(named(1, 2)));
    await hears(added(named(3), 32));
    const until = new Date("2026-11-30T12:10:00.000Z");
    await labelings.postpone(taken(await labelings.take()), until, "installation");
    expect(await all()).toEqual([3]);
    wait(10);
    // The one that failed is the last.
    const next = taken(await labelings.take());
    await labelings.postpone(next, new Date("2026-11-30T12:20:00.000Z"), "repository");
    expect(await all()).toHaveLength(1);
    wait(10);
    expect(await labelings.take()).toMatchObject({ repositoryId: next.repositoryId, refusals: 1 });
  });
});

describe("labels of one installation", () => {
  test("are at most 30 in a minute, and 250 in an hour", async () => {
    const { labelings, hears, wait } = await openWithOne();
    await hears(added(named(2), 32));
    const counts: number[] = [];
    const written = async (labeling: Labeling) => {
      for (let count = 0; ; count += 1) {
        if ((await labelings.intend(labeling)) !== "go") return count;
      }
    };
    for (let minute = 0; minute < 70; minute += 1) {
      let labeling = await labelings.take();
      if (labeling?.installationId === 32) labeling = await labelings.take();
      counts.push(labeling === null ? 0 : await written(labeling));
      wait(1);
    }
    const inFirstHour = counts.slice(0, 60).reduce((sum, count) => sum + count, 0);
    expect(Math.max(...counts)).toBe(30);
    expect(inFirstHour).toBe(250);
    expect(counts.slice(0, 10)).toEqual([30, 30, 30, 30, 30, 30, 30, 30, 10, 0]);
    expect(counts.slice(60).some((count) => count > 0)).toBe(true);
  });

  test("are refused together where the App isn't permitted, until somebody permits it", async () => {
    const { labelings, hears, all } = await openLabelings();
    await hears(added(named(1, 2)));
    await hears(added(named(3), 32));
    const labeling = taken(await labelings.take());
    const { installationId } = labeling;
    expect(await labelings.refuseAll(labeling)).toBe(installationId === 31 ? 2 : 1);
    await all();
    const { refused } = await labelings.progressOf(installationId);
    await hears(installation("installation_permitted", { installationId }));
    expect(await all()).toHaveLength(refused);
  });
});

describe("a policy that changes", () => {
  const PUSH = { ...PLACE, commit: HEAD, baseCommit: "d".repeat(40), pullNumber: 7 };
  const MERGE = { ...PLACE, commit: HEAD };

  async function checked(
    { policyChecks }: World,
    result: "written" | "unchanged" | null,
    push = PUSH,
  ): Promise<void> {
    await policyChecks.insert(push);
    const check = result === null ? null : await policyChecks.take();
    if (check !== null && result !== null) await policyChecks.settle(check, result, null);
  }

  test.each([
    ["written", [1]],
    ["unchanged", []],
    [null, [1]],
  ] as const)("by a merge whose check is %s", async (result, due) => {
    const world = await openWithLabels();
    await checked(world, result);
    expect(await world.labelings.requestAfterMerge(MERGE)).toBe(due.length > 0);
    expect(await world.all()).toEqual(due);
  });

  test("by a merge that no check has seen, is none that's known", async () => {
    const { labelings, all } = await openWithLabels();
    expect(await labelings.requestAfterMerge(MERGE)).toBe(false);
    expect(await all()).toEqual([]);
  });

  test("for all repositories by a merge into the organization's", async () => {
    const world = await openWithLabels();
    await world.hears(added(named(2)));
    await world.all();
    const defaults = { repositoryId: 9, repository: ".github" };
    await checked(world, "written", { ...PUSH, ...defaults });
    expect(await world.labelings.requestAfterMerge({ ...MERGE, ...defaults })).toBe(true);
    expect(await world.all(CHANGED)).toEqual([1, 2, 9]);
  });

  test("is noticed when a task reads another one, and not when it reads the same", async () => {
    const { labelings, all } = await openWithLabels();
    await labelings.notice({ place: PLACE, ...NONE });
    expect(await all()).toEqual([]);
    await labelings.notice({ place: PLACE, ...CHANGED });
    expect(await labelings.take()).toMatchObject(NONE);
  });

  test("is noticed for all repositories when it's the organization's", async () => {
    const { labelings, hears, all } = await openWithLabels();
    await hears(added(named(2)));
    await all();
    const organizationBlob = "e".repeat(40);
    await labelings.notice({ place: PLACE, repositoryBlob: "", organizationBlob });
    expect(await all()).toEqual([1, 2]);
  });

  test("isn't known where nobody has seen the one before", async () => {
    const { labelings, rows, all } = await openLabelings();
    await labelings.notice({ place: { ...PLACE, ownerId: null }, ...NONE });
    expect(await rows()).toEqual([]);
    await labelings.notice({ place: PLACE, ...NONE });
    expect(await all()).toEqual([]);
    expect(await rows()).toMatchObject([{ repositoryId: 1, result: "noticed" }]);
    await labelings.notice({ place: PLACE, ...CHANGED });
    expect(await all()).toEqual([1]);
  });
});

test("what's known of a person's own repositories is erased with the person", async () => {
  const { database, rows } = await openWithOne();
  const erase = (id: number) =>
    erasePerson(
      database,
      { id, logins: [] },
      { now: () => new Date(), deleteBefore: new Date("2026-11-30") },
    );
  await erase(9_918);
  expect(await rows()).toHaveLength(1);
  await erase(9_919);
  expect(await rows()).toEqual([]);
});

test("what's turned off is done neither then nor when it's turned on, until the policy changes", async () => {
  const { labelings, all, rows } = await openWithOne();
  await labelings.turnOff();
  expect(await rows()).toMatchObject([{ result: "off" }]);
  await labelings.notice({ place: PLACE, ...NONE });
  expect(await all()).toEqual([]);
  await labelings.notice({ place: PLACE, ...CHANGED });
  expect(await all()).toEqual([1]);
});
