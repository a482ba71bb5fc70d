import { describe, expect, test } from "vitest";
import type { PolicyCheck } from "../../src/ports/policy-checks.ts";
import { openStore } from "./opened.ts";

const PUSH = {
  repositoryId: 1_296_269,
  commit: "a".repeat(40),
  baseCommit: "b".repeat(40),
  pullNumber: 7,
  installationId: 31,
  ownerId: 9_919,
  owner: "octo-org",
  repository: "hello",
};

/** The checks on a clock of the test's own. */
async function openChecks() {
  let at = Date.parse("2026-11-30T12:00:00.000Z");
  const { policyChecks, database } = await openStore(undefined, { now: () => new Date(at) });
  return {
    policyChecks,
    wait: (minutes: number) => void (at += minutes * 60_000),
    rows: () =>
      database.selectFrom("policyChecks").select(["commit", "result", "checkRunId"]).execute(),
  };
}

function taken(check: PolicyCheck | null): PolicyCheck {
  if (check === null) throw new TypeError("nothing is due");
  return check;
}

describe("a policy check", () => {
  test("is one for each commit", async () => {
    const { policyChecks, rows } = await openChecks();
    await policyChecks.insert(PUSH);
    await policyChecks.insert({ ...PUSH, pullNumber: 8 });
    await policyChecks.insert({ ...PUSH, commit: "c".repeat(40) });
    expect(await rows()).toHaveLength(2);
    expect(await policyChecks.take()).toMatchObject({ ...PUSH, attempt: 1 });
  });

  test("is taken by one at a time", async () => {
    const { policyChecks } = await openChecks();
    await policyChecks.insert(PUSH);
    const all = await Promise.all([policyChecks.take(), policyChecks.take(), policyChecks.take()]);
    expect(all.filter((check) => check !== null)).toHaveLength(1);
  });

  test("is taken by each of several, as long as there are some", async () => {
    const { policyChecks } = await openChecks();
    await policyChecks.insert(PUSH);
    await policyChecks.insert({ ...PUSH, commit: "c".repeat(40) });
    const all = await Promise.all([policyChecks.take(), policyChecks.take(), policyChecks.take()]);
    const commits = all.flatMap((check) => check?.commit ?? []);
    expect(commits.toSorted()).toEqual(["a".repeat(40), "c".repeat(40)]);
  });

  test("is taken again when whoever took it is gone, who then writes nothing", async () => {
    const { policyChecks, wait, rows } = await openChecks();
    await policyChecks.insert(PUSH);
    const lost = taken(await policyChecks.take());
    expect(await policyChecks.take()).toBeNull();
    wait(3);
    const check = taken(await policyChecks.take());
    expect(check.attempt).toBe(2);
    expect(await policyChecks.intend(lost)).toBe(false);
    await policyChecks.settle(lost, "unchanged", null);
    expect(await policyChecks.intend(check)).toBe(true);
    wait(3);
    // What is about to be created has more time.
    expect(await policyChecks.take()).toBeNull();
    await policyChecks.settle(check, "written", 12);
    wait(60);
    expect(await policyChecks.take()).toBeNull();
    expect(await rows()).toEqual([{ commit: PUSH.commit, result: "written", checkRunId: 12 }]);
  });

  test.each(["superseded", "unchanged", "refused", "given_up"] as const)(
    "that was %s is done again for a new push, and one that has its check run isn't",
    async (result) => {
      const { policyChecks, wait, rows } = await openChecks();
      await policyChecks.insert(PUSH);
      const first = taken(await policyChecks.take());
      await policyChecks.settle(first, result, null);
      wait(10);
      await policyChecks.insert({ ...PUSH, pullNumber: 8 });
      const second = taken(await policyChecks.take());
      expect(second).toMatchObject({
        ...PUSH,
        pullNumber: 8,
        attempt: 2,
        createdAt: "2026-11-30T12:10:00.000Z",
      });
      // Whoever had it before has nothing to say about it.
      await policyChecks.settle(first, result, null);
      await policyChecks.insert(PUSH);
      await policyChecks.settle(second, "written", 12);
      await policyChecks.insert(PUSH);
      expect(await policyChecks.take()).toBeNull();
      expect(await rows()).toEqual([{ commit: PUSH.commit, result: "written", checkRunId: 12 }]);
    },
  );

  test("waits until it's due again", async () => {
    const { policyChecks, wait } = await openChecks();
    await policyChecks.insert(PUSH);
    await policyChecks.postpone(
      taken(await policyChecks.take()),
      new Date("2026-11-30T12:10:00.000Z"),
    );
    wait(9);
    expect(await policyChecks.take()).toBeNull();
    wait(1);
    expect(await policyChecks.take()).toMatchObject({ attempt: 2 });
  });

  test("is deleted some time after it was settled", async () => {
    const { policyChecks, rows } = await openChecks();
    await policyChecks.insert(PUSH);
    await policyChecks.insert({ ...PUSH, commit: "c".repeat(40) });
    await policyChecks.settle(taken(await policyChecks.take()), "unchanged", null);
    expect(await policyChecks.prune(new Date("2026-11-30T12:00:00.000Z"))).toBe(0);
    expect(await policyChecks.prune(new Date("2026-11-30T12:00:00.001Z"))).toBe(1);
    expect(await rows()).toHaveLength(1);
  });
});
