import { describe, expect, test } from "vitest";
import type { SubjectEvent } from "../../src/core/webhook/subject-event.ts";
import type { Cancellation } from "../../src/core/task/outcome.ts";
import type { Trigger } from "../../src/core/webhook/trigger.ts";
import { createRecovery } from "../../src/store/recovery.ts";
import {
  closed,
  crowded,
  deleted,
  NOTHING,
  recorded,
  RUNNING,
  triaged,
  unlabeled,
} from "./subject-events.ts";
import { AT_NOON, at, living, NOON } from "./living.ts";
import { ADMITTED, ASKED, inserted, record, STARTED, UNLIMITED } from "./story.ts";
import { commanded, labeled } from "./trigger.ts";
import type { Layer } from "../core/task.ts";
import { answered, canceled, changed, denied, failed, layered, over } from "../core/task.ts";

const ENDS: [what: string, closing: () => SubjectEvent, cancellation: Cancellation][] = [
  ["a subject is closed", closed, "subject_closed"],
  ["a label is removed", unlabeled, "label_removed"],
  ["a branch is deleted", deleted, "branch_deleted"],
];

describe.each(ENDS)("when %s", (_what, closing, cancellation) => {
  test("tasks that wait are canceled, and the audit has it", async () => {
    const { tasks, subjects, steps, goTo } = await crowded();
    const one = await recorded(tasks, triaged(1), ADMITTED);
    const other = await recorded(tasks, triaged(2), ADMITTED);
    goTo(1);
    expect(await subjects.applySubjectEvent(closing())).toMatchObject({
      canceled: 2,
      steered: [],
    });
    for (const task of [one, other]) {
      expect(await tasks.get(task.id)).toEqual(
        changed(task, {
          state: "cancelled",
          settledAt: at(1),
          updatedAt: at(1),
          attempt: 2,
          lease: null,
          outcome: canceled(cancellation),
        }),
      );
    }
    expect(await tasks.waiting()).toEqual([]);
    expect((await steps()).slice(-2)).toEqual(
      expect.arrayContaining([
        [one.id, "canceled", cancellation],
        [other.id, "canceled", cancellation],
      ]),
    );
  });

  test.each([
    { shown: { comment: { id: 5 } } },
    { shown: { checkRun: { id: 5, digest: "d" } } },
    { shown: { label: "copilot:failed" } },
  ])("what people see of one, %o, is updated before it's settled", async (trace) => {
    const { tasks, subjects, steps } = await crowded();
    const { id } = await recorded(
      tasks,
      triaged(1),
      over(ADMITTED, trace, { schedule: { retries: 1 } }),
    );
    expect(await subjects.applySubjectEvent(closing())).toMatchObject({
      canceled: 1,
      steered: [],
    });
    const ended = {
      state: "cancelled",
      settledAt: null,
      lease: null,
      outcome: canceled(cancellation),
    };
    expect(await tasks.get(id)).toMatchObject({ ...ended, ...trace });
    expect(await tasks.waiting()).toEqual([id]);
    expect((await steps()).slice(-1)).toEqual([[id, "canceled", cancellation]]);
    expect(await subjects.applySubjectEvent(closing())).toEqual(NOTHING);
    expect(await steps()).toHaveLength(3);
  });

  test("a process that moves one of them loses the claim", async () => {
    const { tasks, subjects } = await crowded();
    const mine = await recorded(tasks, triaged(1), ADMITTED);
    await subjects.applySubjectEvent(closing());
    expect(await record(tasks, mine, ADMITTED)).toBeNull();
    expect(await tasks.begin(mine, changed(mine, ASKED), UNLIMITED)).toEqual({ type: "lost" });
    expect(await tasks.claim(mine.id, "start")).toEqual({ type: "settled" });
  });

  test("a running session gets a stop command, where its policy says so", async () => {
    const { tasks, subjects, sessionCommands, steps } = await crowded();
    const running = await recorded(tasks, triaged(1), RUNNING);
    const before = await steps();
    const end = closing();
    expect(await subjects.applySubjectEvent(end)).toMatchObject({
      canceled: 0,
      steered: [running.id],
    });
    expect(await tasks.get(running.id)).toEqual(running);
    expect(await steps()).toEqual(before);
    expect(await sessionCommands.waiting([running.id])).toEqual([running.id]);
    const stop = { taskId: running.id, type: "stop", text: "", requester: "hubot" };
    expect(await sessionCommands.take(running.id)).toMatchObject([stop]);
  });

  test("a session that is still being created gets it when it's there", async () => {
    const { tasks, subjects, sessionCommands } = await crowded();
    const changes = over(ADMITTED, ASKED, { decision: { onClose: "stop" } });
    const { id } = await recorded(tasks, triaged(1), changes);
    expect(await subjects.applySubjectEvent(closing())).toMatchObject({
      canceled: 0,
      steered: [id],
    });
    expect(await sessionCommands.take(id)).toMatchObject([{ type: "stop" }]);
  });

  test("a start that gets a stop command leaves its label free to be added again", async () => {
    const { tasks, subjects } = await living();
    const starting = over(ADMITTED, ASKED, { decision: { onClose: "stop" } });
    await recorded(tasks, labeled(), starting);
    const again = labeled({ trigger: { deliveryId: "delivery-2", eventKey: "label:later" } });
    expect(await tasks.insert(again)).toBeNull();
    await subjects.applySubjectEvent(closing());
    expect(await tasks.insert(again)).not.toBeNull();
  });

  test.each(["keep", null] as const)("a running session continues with %o", async (onClose) => {
    const { tasks, subjects, sessionCommands } = await crowded();
    const running = await recorded(tasks, triaged(1), over(RUNNING, { decision: { onClose } }));
    expect(await subjects.applySubjectEvent(closing())).toEqual(NOTHING);
    expect(await tasks.get(running.id)).toEqual(running);
    expect(await sessionCommands.waiting([running.id])).toEqual([]);
  });

  test("each task gets what is its own", async () => {
    const { tasks, subjects, sessionCommands } = await crowded();
    const waiting = await recorded(
      tasks,
      triaged(1),
      over(ADMITTED, { decision: { onClose: "stop" } }),
    );
    const stopped = await recorded(tasks, triaged(2), RUNNING);
    const other = await recorded(tasks, triaged(3), RUNNING);
    const kept = await recorded(
      tasks,
      triaged(4),
      over(RUNNING, { decision: { onClose: "keep" } }),
    );
    const { canceled: count, steered } = await subjects.applySubjectEvent(closing());
    expect([count, steered.toSorted()]).toEqual([1, [stopped.id, other.id].toSorted()]);
    expect(await tasks.get(waiting.id)).toMatchObject({ state: "cancelled" });
    const all = [waiting, stopped, other, kept].map(({ id }) => id);
    expect((await sessionCommands.waiting(all)).toSorted()).toEqual(
      [stopped.id, other.id].toSorted(),
    );
  });

  test("what is settled stays as it is", async () => {
    const { tasks, subjects, sessionCommands } = await crowded();
    const settled = { settledAt: AT_NOON };
    const ended = await recorded(tasks, triaged(1), { ...RUNNING, ...settled, state: "completed" });
    const broken = await recorded(tasks, triaged(2), { ...ADMITTED, ...settled, state: "failed" });
    expect(await subjects.applySubjectEvent(closing())).toEqual(NOTHING);
    expect(await tasks.get(ended.id)).toEqual(ended);
    expect(await tasks.get(broken.id)).toEqual(broken);
    expect(await sessionCommands.waiting([ended.id, broken.id])).toEqual([]);
  });

  test("the tasks of another repository continue", async () => {
    const { tasks, subjects } = await crowded();
    const elsewhere = { place: { repositoryId: 5 } };
    const waiting = await recorded(tasks, triaged(1, elsewhere), ADMITTED);
    const running = await recorded(tasks, triaged(2, elsewhere), RUNNING);
    expect(await subjects.applySubjectEvent(closing())).toEqual(NOTHING);
    expect(await tasks.get(waiting.id)).toEqual(waiting);
    expect(await tasks.get(running.id)).toEqual(running);
  });

  test("a delivery that comes again changes nothing of what has come since", async () => {
    const { tasks, subjects, sessionCommands, steps } = await crowded();
    await recorded(tasks, triaged(1), ADMITTED);
    const { id } = await recorded(tasks, triaged(2), RUNNING);
    const again = closing();
    expect(await subjects.applySubjectEvent(again)).toMatchObject({
      canceled: 1,
      steered: [id],
    });
    await sessionCommands.take(id);
    const newer = await recorded(tasks, triaged(3), ADMITTED);
    const running = await recorded(tasks, triaged(4), RUNNING);
    const before = await steps();
    expect(await subjects.applySubjectEvent(again)).toEqual(NOTHING);
    expect(await tasks.get(newer.id)).toEqual(newer);
    expect(await sessionCommands.waiting([id, running.id])).toEqual([]);
    expect(await steps()).toEqual(before);
    expect(await subjects.applySubjectEvent(closing())).toMatchObject({ canceled: 1 });
  });

  test("a delivery that comes to all replicas at once is applied once", async () => {
    const { tasks, subjects, sessionCommands } = await crowded();
    await recorded(tasks, triaged(1), ADMITTED);
    const { id } = await recorded(tasks, triaged(2), RUNNING);
    const again = closing();
    const all = await Promise.all(
      Array.from({ length: 5 }, () => subjects.applySubjectEvent(again)),
    );
    expect(all.filter((applied) => applied.canceled > 0)).toHaveLength(1);
    expect(all.flatMap(({ steered }) => steered)).toEqual([id]);
    expect(await sessionCommands.take(id)).toHaveLength(1);
  });

  test("the start of a task and its end come one after the other", async () => {
    const { tasks, subjects } = await crowded();
    for (let number = 1; number <= 10; number += 1) {
      const mine = await recorded(tasks, triaged(number), ADMITTED);
      const [start, { canceled: count }] = await Promise.all([
        tasks.begin(mine, changed(mine, ASKED), UNLIMITED),
        subjects.applySubjectEvent(closing()),
      ]);
      expect([start.type, count]).toEqual(start.type === "begun" ? ["begun", 0] : ["lost", 1]);
    }
  });

  test("nothing is written where there is no task", async () => {
    const { subjects, database } = await crowded();
    expect(await subjects.applySubjectEvent(closing())).toEqual(NOTHING);
    expect(await database.selectFrom("lifeEvents").selectAll().execute()).toEqual([]);
  });
});

describe("tasks continue", () => {
  const SUBJECT_8 = { subject: { type: "pull_request", number: 8 } } as const;

  test.each<[what: string, trigger: Trigger, changes: Layer, closing: SubjectEvent]>([
    ["whose subject is another", triaged(1, SUBJECT_8), ADMITTED, closed()],
    ["whose label is on another subject", triaged(1, SUBJECT_8), ADMITTED, unlabeled()],
    ["of another label", triaged(1), ADMITTED, unlabeled("bug")],
    ["of a label in other capitals", triaged(1), ADMITTED, unlabeled("Copilot:triage")],
    ["of a longer label", triaged(1), ADMITTED, unlabeled("copilot:tri%")],
    ["of a command, when a label is removed", commanded(1), ADMITTED, unlabeled()],
    ["on another branch", triaged(1), ADMITTED, deleted("develop")],
    ["whose branch is not known yet", triaged(1), {}, deleted()],
  ])("%s", async (_what, trigger, changes, closing) => {
    const { tasks, subjects } = await crowded();
    const waiting = await recorded(tasks, trigger, changes);
    const ids = { trigger: { deliveryId: "running", eventKey: "running" } };
    const running = await recorded(
      tasks,
      layered(trigger, ids),
      over(changes, ASKED, STARTED, { decision: { onClose: "stop" } }),
    );
    expect(await subjects.applySubjectEvent(closing)).toEqual(NOTHING);
    expect(await tasks.get(waiting.id)).toEqual(waiting);
    expect(await tasks.get(running.id)).toEqual(running);
  });
});

describe("a task that only has a reply isn't canceled with its subject", () => {
  test.each<[what: string, command: string, changes: Layer]>([
    ["an order to a session", "stop", {}],
    ["a question about the bot", "help", {}],
    ["an answer", "triage", { outcome: answered("Help.") }],
    ["a refusal", "triage", { outcome: denied("no_permission") }],
    ["a failure", "triage", { outcome: failed("unknown") }],
  ])("%s", async (_what, command, changes) => {
    const { tasks, subjects } = await crowded();
    const task = await recorded(tasks, commanded(1, { trigger: { name: command } }), changes);
    expect(await subjects.applySubjectEvent(closed())).toEqual(NOTHING);
    expect(await tasks.get(task.id)).toEqual(task);
  });

  test("but what a command has retried is", async () => {
    const { tasks, subjects } = await crowded();
    const retried = over(ADMITTED, { decision: { retryOf: "task-1" } });
    await recorded(tasks, commanded(1, { trigger: { name: "retry" } }), retried);
    expect(await subjects.applySubjectEvent(closed())).toMatchObject({ canceled: 1, steered: [] });
  });
});

test("a task that hasn't been processed yet is canceled too", async () => {
  const { tasks, subjects } = await living();
  const { id } = await inserted(tasks, labeled());
  expect(await subjects.applySubjectEvent(unlabeled())).toMatchObject({
    canceled: 1,
    steered: [],
  });
  expect(await tasks.get(id)).toMatchObject({ attempt: 1, outcome: canceled("label_removed") });
  const again = { trigger: { deliveryId: "delivery-2", eventKey: "label:later" } };
  expect(await tasks.insert(labeled(again))).not.toBeNull();
});

test("a delivery that was applied is known to the recovery", async () => {
  const { tasks, subjects, database } = await crowded();
  await inserted(tasks, labeled());
  const closing = closed();
  await subjects.applySubjectEvent(closing);
  const recovery = createRecovery(database, () => new Date(NOON));
  expect(await recovery.known([closing.deliveryId])).toEqual(new Set([closing.deliveryId]));
});
