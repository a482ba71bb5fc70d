import { describe, expect, test } from "vitest";
import type { Closing } from "../../src/core/closing.ts";
import type { TaskChanges } from "../../src/core/task.ts";
import type { Trigger } from "../../src/core/trigger.ts";
import { createRecoveryStore } from "../../src/store/recovery.ts";
import {
  closed,
  deleted,
  NOTHING,
  recorded,
  RUNNING,
  source,
  triaged,
  unlabelled,
} from "./closing.ts";
import { AT_NOON, at, living, NOON } from "./living.ts";
import { ADMITTED, ASKED, inserted, STARTED, UNLIMITED } from "./story.ts";
import { commanded, labelled } from "./trigger.ts";

const ENDS: [what: string, closing: () => Closing, cancellation: string][] = [
  ["a subject is closed", closed, "subject_closed"],
  ["a label is taken off", unlabelled, "label_removed"],
  ["a branch is deleted", deleted, "branch_deleted"],
];

describe.each(ENDS)("when %s", (_what, closing, cancellation) => {
  test("tasks that wait are cancelled, and the audit tells", async () => {
    const { tasks, closings, steps, goTo } = await living();
    const one = await recorded(tasks, triaged(1), ADMITTED);
    const other = await recorded(tasks, triaged(2), ADMITTED);
    goTo(1);
    expect(await closings.applyClosing(closing())).toEqual({ cancelled: 2, told: [] });
    for (const task of [one, other]) {
      expect(await tasks.get(task.id)).toEqual({
        ...task,
        state: "cancelled",
        cancellation,
        settledAt: at(1),
        updatedAt: at(1),
        attempt: 2,
        leaseUntil: null,
        lane: null,
      });
    }
    expect(await tasks.waiting()).toEqual([]);
    expect((await steps()).slice(-2)).toEqual(
      expect.arrayContaining([
        [one.id, "cancelled", cancellation],
        [other.id, "cancelled", cancellation],
      ]),
    );
  });

  test.each([{ commentId: 5 }, { checkRunId: 5 }, { shownLabel: "copilot:failed" }])(
    "what is to be seen of one, %o, is brought up to date before it is settled",
    async (trace) => {
      const { tasks, closings, steps } = await living();
      const { id } = await recorded(tasks, triaged(1), { ...ADMITTED, ...trace, retries: 1 });
      expect(await closings.applyClosing(closing())).toEqual({ cancelled: 1, told: [] });
      const cancelled = { state: "cancelled", cancellation, settledAt: null, leaseUntil: null };
      expect(await tasks.get(id)).toMatchObject({ ...cancelled, ...trace });
      expect(await tasks.waiting()).toEqual([id]);
      expect((await steps()).slice(-1)).toEqual([[id, "cancelled", cancellation]]);
      expect(await closings.applyClosing(closing())).toEqual(NOTHING);
      expect(await steps()).toHaveLength(3);
    },
  );

  test("whoever moves one of them loses the claim", async () => {
    const { tasks, closings } = await living();
    const mine = await recorded(tasks, triaged(1), ADMITTED);
    await closings.applyClosing(closing());
    expect(await tasks.record(mine, ADMITTED)).toBeNull();
    expect(await tasks.begin(mine, ASKED, UNLIMITED)).toEqual({ type: "lost" });
    expect(await tasks.claim(mine.id, "start")).toEqual({ type: "settled" });
  });

  test("a running session is told to stop, where its policy said so", async () => {
    const { tasks, closings, orders, steps } = await living();
    const running = await recorded(tasks, triaged(1), RUNNING);
    const before = await steps();
    const end = closing();
    expect(await closings.applyClosing(end)).toEqual({ cancelled: 0, told: [running.id] });
    expect(await tasks.get(running.id)).toEqual({ ...running, subjectKey: null });
    expect(await steps()).toEqual(before);
    expect(await orders.waiting([running.id])).toEqual([running.id]);
    const stop = { taskId: running.id, type: "stop", text: "", requester: "hubot" };
    expect(await orders.take(running.id)).toMatchObject([stop]);
  });

  test("a session that is still being created is told when it is there", async () => {
    const { tasks, closings, orders } = await living();
    const changes = { ...ADMITTED, ...ASKED, onClose: "stop" } as const;
    const { id } = await recorded(tasks, triaged(1), changes);
    expect(await closings.applyClosing(closing())).toEqual({ cancelled: 0, told: [id] });
    expect(await orders.take(id)).toMatchObject([{ type: "stop" }]);
  });

  test("a start that is told to stop leaves its label free to be set again", async () => {
    const { tasks, closings } = await living();
    const starting = { ...ADMITTED, ...ASKED, onClose: "stop" } as const;
    await recorded(tasks, labelled(), starting);
    const again = labelled({ deliveryId: "delivery-2", eventKey: "label:later" });
    expect(await tasks.insert(again)).toBeNull();
    await closings.applyClosing(closing());
    expect(await tasks.insert(again)).not.toBeNull();
  });

  test.each(["keep", null] as const)("a running session goes on with %o", async (onClose) => {
    const { tasks, closings, orders } = await living();
    const running = await recorded(tasks, triaged(1), { ...RUNNING, onClose });
    expect(await closings.applyClosing(closing())).toEqual(NOTHING);
    expect(await tasks.get(running.id)).toEqual(running);
    expect(await orders.waiting([running.id])).toEqual([]);
  });

  test("each task gets what is its own", async () => {
    const { tasks, closings, orders } = await living();
    const waiting = await recorded(tasks, triaged(1), { ...ADMITTED, onClose: "stop" });
    const stopped = await recorded(tasks, triaged(2), RUNNING);
    const other = await recorded(tasks, triaged(3), RUNNING);
    const kept = await recorded(tasks, triaged(4), { ...RUNNING, onClose: "keep" });
    const { cancelled, told } = await closings.applyClosing(closing());
    expect([cancelled, told.toSorted()]).toEqual([1, [stopped.id, other.id].toSorted()]);
    expect(await tasks.get(waiting.id)).toMatchObject({ state: "cancelled" });
    const all = [waiting, stopped, other, kept].map(({ id }) => id);
    expect((await orders.waiting(all)).toSorted()).toEqual([stopped.id, other.id].toSorted());
  });

  test("what is settled stays as it is", async () => {
    const { tasks, closings, orders } = await living();
    const settled = { settledAt: AT_NOON };
    const ended = await recorded(tasks, triaged(1), { ...RUNNING, ...settled, state: "completed" });
    const failed = await recorded(tasks, triaged(2), { ...ADMITTED, ...settled, state: "failed" });
    expect(await closings.applyClosing(closing())).toEqual(NOTHING);
    expect(await tasks.get(ended.id)).toEqual(ended);
    expect(await tasks.get(failed.id)).toEqual(failed);
    expect(await orders.waiting([ended.id, failed.id])).toEqual([]);
  });

  test("the tasks of another repository go on", async () => {
    const { tasks, closings } = await living();
    const elsewhere = { repositoryId: 5 };
    const waiting = await recorded(tasks, triaged(1, elsewhere), ADMITTED);
    const running = await recorded(tasks, triaged(2, elsewhere), RUNNING);
    expect(await closings.applyClosing(closing())).toEqual(NOTHING);
    expect(await tasks.get(waiting.id)).toEqual(waiting);
    expect(await tasks.get(running.id)).toEqual(running);
  });

  test("a delivery that comes again changes nothing of what has come since", async () => {
    const { tasks, closings, orders, steps } = await living();
    await recorded(tasks, triaged(1), ADMITTED);
    const { id } = await recorded(tasks, triaged(2), RUNNING);
    const again = closing();
    expect(await closings.applyClosing(again)).toEqual({ cancelled: 1, told: [id] });
    await orders.take(id);
    const newer = await recorded(tasks, triaged(3), ADMITTED);
    const running = await recorded(tasks, triaged(4), RUNNING);
    const before = await steps();
    expect(await closings.applyClosing(again)).toEqual(NOTHING);
    expect(await tasks.get(newer.id)).toEqual(newer);
    expect(await orders.waiting([id, running.id])).toEqual([]);
    expect(await steps()).toEqual(before);
    expect(await closings.applyClosing(closing())).toMatchObject({ cancelled: 1 });
  });

  test("a delivery that comes to all replicas at once is applied once", async () => {
    const { tasks, closings, orders } = await living();
    await recorded(tasks, triaged(1), ADMITTED);
    const { id } = await recorded(tasks, triaged(2), RUNNING);
    const again = closing();
    const all = await Promise.all(Array.from({ length: 5 }, () => closings.applyClosing(again)));
    expect(all.filter(({ cancelled }) => cancelled > 0)).toHaveLength(1);
    expect(all.flatMap(({ told }) => told)).toEqual([id]);
    expect(await orders.take(id)).toHaveLength(1);
  });

  test("the start of a task and its end come one after the other", async () => {
    const { tasks, closings } = await living();
    for (let number = 1; number <= 10; number += 1) {
      const mine = await recorded(tasks, triaged(number), ADMITTED);
      const [start, { cancelled }] = await Promise.all([
        tasks.begin(mine, ASKED, UNLIMITED),
        closings.applyClosing(closing()),
      ]);
      expect([start.type, cancelled]).toEqual(start.type === "begun" ? ["begun", 0] : ["lost", 1]);
    }
  });

  test("nothing is written where there is no task", async () => {
    const { closings, database } = await living();
    expect(await closings.applyClosing(closing())).toEqual(NOTHING);
    expect(await database.selectFrom("lifeEvents").selectAll().execute()).toEqual([]);
  });
});

describe("tasks go on", () => {
  const SUBJECT_8 = { subjectType: "pull_request", subjectNumber: 8 } as const;

  test.each<[what: string, trigger: Trigger, changes: TaskChanges, closing: Closing]>([
    ["whose subject is another", triaged(1, SUBJECT_8), ADMITTED, closed()],
    ["whose label is on another subject", triaged(1, SUBJECT_8), ADMITTED, unlabelled()],
    ["of another label", triaged(1), ADMITTED, unlabelled("bug")],
    ["of a label in other capitals", triaged(1), ADMITTED, unlabelled("Copilot:triage")],
    ["of a longer label", triaged(1), ADMITTED, unlabelled("copilot:tri%")],
    ["of a command, when a label is taken off", commanded(1), ADMITTED, unlabelled()],
    ["on another branch", triaged(1), ADMITTED, deleted("develop")],
    ["whose branch is not known yet", triaged(1), {}, deleted()],
  ])("%s", async (_what, trigger, changes, closing) => {
    const { tasks, closings } = await living();
    const waiting = await recorded(tasks, trigger, changes);
    const ids = { deliveryId: "running", eventKey: "running" };
    const running = await recorded(
      tasks,
      { ...trigger, ...ids },
      { ...changes, ...ASKED, ...STARTED, onClose: "stop" },
    );
    expect(await closings.applyClosing(closing)).toEqual(NOTHING);
    expect(await tasks.get(waiting.id)).toEqual(waiting);
    expect(await tasks.get(running.id)).toEqual(running);
  });
});

describe("what only has to say something is not cancelled with its subject", () => {
  test.each<[what: string, command: string, changes: TaskChanges]>([
    ["an order to a session", "stop", {}],
    ["a question about the bot", "help", {}],
    ["an answer", "triage", { answer: "Help." }],
    ["a refusal", "triage", { denial: "no_permission" }],
    ["a failure", "triage", { failureCode: "unknown" }],
  ])("%s", async (_what, command, changes) => {
    const { tasks, closings } = await living();
    const task = await recorded(tasks, commanded(1, { command }), changes);
    expect(await closings.applyClosing(closed())).toEqual(NOTHING);
    expect(await tasks.get(task.id)).toEqual(task);
  });

  test("but what an order has tried again is", async () => {
    const { tasks, closings } = await living();
    const retried = { ...ADMITTED, retryOf: "task-1" };
    await recorded(tasks, commanded(1, { command: "retry" }), retried);
    expect(await closings.applyClosing(closed())).toEqual({ cancelled: 1, told: [] });
  });
});

test("a task that has not been looked at yet is cancelled too", async () => {
  const { tasks, closings } = await living();
  const { id } = await inserted(tasks, labelled());
  expect(await closings.applyClosing(unlabelled())).toEqual({ cancelled: 1, told: [] });
  expect(await tasks.get(id)).toMatchObject({ cancellation: "label_removed", attempt: 1 });
  const again = { deliveryId: "delivery-2", eventKey: "label:later" };
  expect(await tasks.insert(labelled(again))).not.toBeNull();
});

test("a task of a command goes with its subject and its branch", async () => {
  for (const closing of [closed(), deleted()]) {
    const { tasks, closings } = await living();
    await recorded(tasks, commanded(1), ADMITTED);
    expect(await closings.applyClosing(closing)).toEqual({ cancelled: 1, told: [] });
  }
});

test("a delivery that was applied is known to the recovery", async () => {
  const { tasks, closings, database } = await living();
  await inserted(tasks, labelled());
  const closing = closed();
  await closings.applyClosing(closing);
  const recovery = createRecoveryStore(database, () => new Date(NOON));
  expect(await recovery.known([closing.deliveryId])).toEqual(new Set([closing.deliveryId]));
});

describe("when a pull request is opened", () => {
  const URL_8 = "https://github.com/octo-org/hello/pull/8";
  const ON_BRANCH: TaskChanges = { ...RUNNING, sessionBranch: "copilot/fix-7" };
  const opened = (branch = "copilot/fix-7"): Closing => {
    return { ...source(), type: "pull_request_opened", branch, url: URL_8 };
  };

  test("the session on its branch is told, and no other", async () => {
    const { tasks, closings, orders } = await living();
    const own = await recorded(tasks, triaged(1), { ...ON_BRANCH, onClose: "keep" });
    const others = [
      await recorded(tasks, triaged(2), { ...RUNNING, sessionBranch: "copilot/fix-8" }),
      await recorded(tasks, triaged(3), RUNNING),
      await recorded(tasks, triaged(4, { repositoryId: 5 }), ON_BRANCH),
      await recorded(tasks, triaged(5), { ...ON_BRANCH, settledAt: AT_NOON }),
      await recorded(tasks, triaged(6), ADMITTED),
    ];
    expect(await closings.applyClosing(opened())).toEqual({ cancelled: 0, told: [own.id] });
    expect(await orders.waiting([own, ...others].map(({ id }) => id))).toEqual([own.id]);
    const news = { taskId: own.id, type: "pull_request", text: URL_8, requester: "hubot" };
    expect(await orders.take(own.id)).toMatchObject([news]);
    for (const task of [own, ...others]) expect(await tasks.get(task.id)).toEqual(task);
  });

  test("nobody is told of one from the branch that sessions begin at", async () => {
    const { tasks, closings } = await living();
    const branches = { branch: "develop", sessionBranch: "develop" };
    await recorded(tasks, triaged(1), { ...RUNNING, ...branches });
    expect(await closings.applyClosing(opened("develop"))).toEqual(NOTHING);
  });

  test("no task is cancelled that waits on its branch", async () => {
    const { tasks, closings } = await living();
    const branches = { branch: "copilot/fix-7", sessionBranch: "copilot/fix-7" };
    const waiting = await recorded(tasks, triaged(1), { ...ADMITTED, ...branches });
    expect(await closings.applyClosing(opened())).toEqual(NOTHING);
    expect(await tasks.get(waiting.id)).toEqual(waiting);
  });

  test("the session is told once, however often the delivery comes", async () => {
    const { tasks, closings, orders } = await living();
    const { id } = await recorded(tasks, triaged(1), ON_BRANCH);
    const again = opened();
    expect(await closings.applyClosing(again)).toEqual({ cancelled: 0, told: [id] });
    expect(await orders.take(id)).toHaveLength(1);
    expect(await closings.applyClosing(again)).toEqual(NOTHING);
    expect(await orders.take(id)).toEqual([]);
  });
});
