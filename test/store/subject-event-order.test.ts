import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import {
  closed,
  crowded,
  NOTHING,
  recorded,
  RUNNING,
  triaged,
  unlabeled,
} from "./subject-events.ts";
import { AT_NOON, at } from "./living.ts";
import { ADMITTED, ASKED, UNLIMITED } from "./story.ts";
import { changed, over } from "../core/task.ts";

describe.each([
  ["a subject is closed", (time: string) => closed(7, time)],
  ["a label is removed", (time: string) => unlabeled("copilot:triage", 7, time)],
])("when the news that %s come late", (_what, closing) => {
  const SECOND = "2026-11-21T12:00:01.000Z";

  test("what was requested since continues: a start, and a session", async () => {
    const { tasks, subjects, sessionCommands } = await crowded();
    const since = { trigger: { at: SECOND } };
    const waiting = await recorded(tasks, triaged(1, since), ADMITTED);
    const running = await recorded(tasks, triaged(2, since), RUNNING);
    expect(await subjects.applySubjectEvent(closing(AT_NOON))).toEqual(NOTHING);
    expect(await tasks.get(waiting.id)).toEqual(waiting);
    expect(await tasks.get(running.id)).toEqual(running);
    expect(await sessionCommands.waiting([running.id])).toEqual([]);
  });

  test("what was requested before ends", async () => {
    const { tasks, subjects } = await crowded();
    const { id: older } = await recorded(tasks, triaged(1), RUNNING);
    await recorded(tasks, triaged(2), ADMITTED);
    const newer = await recorded(tasks, triaged(3, { trigger: { at: at(2) } }), ADMITTED);
    expect(await subjects.applySubjectEvent(closing(SECOND))).toMatchObject({
      canceled: 1,
      steered: [older],
    });
    expect(await tasks.get(newer.id)).toEqual(newer);
  });

  test("what was requested in the same second ends: it can be requested again", async () => {
    const { tasks, subjects } = await crowded();
    await recorded(tasks, triaged(1, { trigger: { at: SECOND } }), ADMITTED);
    expect(await subjects.applySubjectEvent(closing(SECOND))).toMatchObject({
      canceled: 1,
      steered: [],
    });
  });
});

/** Long enough for a statement to come as far as it can. */
const A_MOMENT_MS = 300;

describe.each([
  ["a subject is closed", () => closed()],
  ["a label is removed", () => unlabeled()],
])("while it is applied that %s", (_what, closing) => {
  test("a task that begins gets a stop command", async () => {
    const { tasks, subjects, sessionCommands, database } = await crowded();
    const { id } = await recorded(tasks, triaged(1), ADMITTED);
    const applied = await database.transaction().execute(async (transaction) => {
      const sessionIntentAt = "2026-11-21T12:00:02.000Z";
      const begun = { state: "in_progress", sessionIntentAt, onClose: "stop" } as const;
      await transaction.updateTable("tasks").set(begun).where("id", "=", id).execute();
      const applying = subjects.applySubjectEvent(closing());
      await sleep(A_MOMENT_MS);
      return { applying };
    });
    expect(await applied.applying).toMatchObject({ canceled: 0, steered: [id] });
    expect(await sessionCommands.take(id)).toMatchObject([{ type: "stop", requester: "hubot" }]);
    expect(await tasks.get(id)).toMatchObject({ state: "in_progress", outcome: null });
  });

  test("a task that would begin does not, or is steered: of ten at once", async () => {
    const { tasks, subjects, sessionCommands } = await crowded();
    const waiting = [];
    for (let number = 1; number <= 10; number += 1) {
      waiting.push(await recorded(tasks, triaged(number), ADMITTED));
    }
    const begin = over(ASKED, { decision: { onClose: "stop" } });
    const [{ canceled, steered }, ...starts] = await Promise.all([
      subjects.applySubjectEvent(closing()),
      ...waiting.map((task) => tasks.begin(task, changed(task, begin), UNLIMITED)),
    ]);
    const begun = starts.filter(({ type }) => type === "begun").length;
    expect([canceled, steered.length]).toEqual([10 - begun, begun]);
    const ids = waiting.map(({ id }) => id);
    expect((await sessionCommands.waiting(ids)).toSorted()).toEqual(steered.toSorted());
  });
});
