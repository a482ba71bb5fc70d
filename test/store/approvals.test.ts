import { describe, expect, test } from "vitest";
import { openStore } from "./opened.ts";
import { moving, record } from "./story.ts";
import { commanded } from "./trigger.ts";
import type { Layer } from "../core/task.ts";
import { threadOf } from "../../src/core/task/task.ts";
import { denied, taskWith } from "../core/task.ts";

const PULL = { repositoryId: 1_296_269, subjectNumber: 8 };
const BY = taskWith();
const [OLD, NEW] = ["a".repeat(40), "b".repeat(40)];

describe("an approval", () => {
  test("is of one commit of one pull request", async () => {
    const { approvals } = await openStore();
    await approvals.approve(PULL, OLD, BY);
    expect(await approvals.isApproved(PULL, OLD)).toBe(true);
    expect(await approvals.isApproved(PULL, NEW)).toBe(false);
    expect(await approvals.isApproved({ ...PULL, subjectNumber: 9 }, OLD)).toBe(false);
    expect(await approvals.isApproved({ ...PULL, repositoryId: 5 }, OLD)).toBe(false);
  });

  test("may be repeated: the first one stays", async () => {
    let now = new Date("2026-11-21T12:00:00.000Z");
    const { approvals, database } = await openStore(undefined, { now: () => now });
    await approvals.approve(PULL, OLD, BY);
    now = new Date("2026-11-21T13:00:00.000Z");
    await approvals.approve(PULL, OLD, taskWith({ requester: { login: "mona" } }));
    const createdAt = "2026-11-21T12:00:00.000Z";
    const rows = await database.selectFrom("approvals").selectAll().execute();
    const approver = { requester: "octocat", requesterId: 583_231 };
    const account = { installationId: 31, ownerId: 9_919 };
    expect(rows).toEqual([{ ...PULL, ...approver, ...account, createdAt, commit: OLD }]);
  });

  test("of a task that gives it keeps nothing else of it", async () => {
    const { approvals, tasks } = await openStore();
    const task = await moving(
      tasks,
      commanded(1, { subject: { number: 8 }, trigger: { name: "ok" } }),
    );
    await approvals.approve(threadOf(task), NEW, task);
    expect(await approvals.isApproved(PULL, NEW)).toBe(true);
  });
});

describe("the commit that needed an approval", () => {
  test("is that of the last refusal without an approval", async () => {
    let now = Date.parse("2026-11-21T12:00:00.000Z");
    const { approvals, tasks } = await openStore(undefined, { now: () => new Date(now) });
    const refuse = async (number: number, changes: Layer) => {
      now += 60_000;
      const task = await moving(tasks, commanded(number, { subject: { number: 8 } }));
      await record(tasks, task, { state: "failed", ...changes });
    };
    expect(await approvals.askedAbout(PULL)).toBeNull();
    await refuse(1, { decision: { commit: OLD }, outcome: denied("fork_without_ok") });
    await refuse(2, { decision: { commit: NEW }, outcome: denied("fork_without_ok") });
    await refuse(3, { decision: { commit: OLD }, outcome: denied("subject_locked") });
    // A maintainer may still be looking at the one before.
    expect(await approvals.askedAbout(PULL)).toBeNull();
    now += 3_600_000;
    expect(await approvals.askedAbout(PULL)).toBe(NEW);
    expect(await approvals.askedAbout({ ...PULL, subjectNumber: 9 })).toBeNull();
  });
});
