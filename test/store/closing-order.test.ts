import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { closed, NOTHING, recorded, RUNNING, triaged, unlabelled } from "./closing.ts";
import { AT_NOON, at, living } from "./living.ts";
import { ADMITTED, ASKED, UNLIMITED } from "./story.ts";

describe.each([
  ["a subject is closed", (time: string) => closed(7, time)],
  ["a label is taken off", (time: string) => unlabelled("copilot:triage", 7, time)],
])("when the news that %s come late", (_what, closing) => {
  const SECOND = "2026-11-21T12:00:01.000Z";

  test("what was asked for since goes on: a start, and a session", async () => {
    const { tasks, closings, orders } = await living();
    const since = { triggeredAt: SECOND };
    const waiting = await recorded(tasks, triaged(1, since), ADMITTED);
    const running = await recorded(tasks, triaged(2, since), RUNNING);
    expect(await closings.applyClosing(closing(AT_NOON))).toEqual(NOTHING);
    expect(await tasks.get(waiting.id)).toEqual(waiting);
    expect(await tasks.get(running.id)).toEqual(running);
    expect(await orders.waiting([running.id])).toEqual([]);
  });

  test("what was asked for before ends", async () => {
    const { tasks, closings } = await living();
    const { id: older } = await recorded(tasks, triaged(1), RUNNING);
    await recorded(tasks, triaged(2), ADMITTED);
    const newer = await recorded(tasks, triaged(3, { triggeredAt: at(2) }), ADMITTED);
    expect(await closings.applyClosing(closing(SECOND))).toEqual({ cancelled: 1, told: [older] });
    expect(await tasks.get(newer.id)).toEqual(newer);
  });

  test("what was asked for in the same second ends: it can be asked for again", async () => {
    const { tasks, closings } = await living();
    await recorded(tasks, triaged(1, { triggeredAt: SECOND }), ADMITTED);
    expect(await closings.applyClosing(closing(SECOND))).toEqual({ cancelled: 1, told: [] });
  });
});

/** Long enough for a statement to come as far as it can. */
const A_MOMENT_MS = 300;

describe.each([
  ["a subject is closed", () => closed()],
  ["a label is taken off", () => unlabelled()],
])("while it is applied that %s", (_what, closing) => {
  test("a task that begins is told to stop", async () => {
    const { tasks, closings, orders, database } = await living();
    const { id } = await recorded(tasks, triaged(1), ADMITTED);
    const applied = await database.transaction().execute(async (transaction) => {
      const begun = { ...ASKED, onClose: "stop" } as const;
      await transaction.updateTable("tasks").set(begun).where("id", "=", id).execute();
      const applying = closings.applyClosing(closing());
      await sleep(A_MOMENT_MS);
      return { applying };
    });
    expect(await applied.applying).toEqual({ cancelled: 0, told: [id] });
    expect(await orders.take(id)).toMatchObject([{ type: "stop", requester: "hubot" }]);
    expect(await tasks.get(id)).toMatchObject({ cancellation: null, state: "in_progress" });
  });

  test("a task that would begin does not, or is told: of ten at once", async () => {
    const { tasks, closings, orders } = await living();
    const waiting = [];
    for (let number = 1; number <= 10; number += 1) {
      waiting.push(await recorded(tasks, triaged(number), ADMITTED));
    }
    const begin = { ...ASKED, onClose: "stop" } as const;
    const [{ cancelled, told }, ...starts] = await Promise.all([
      closings.applyClosing(closing()),
      ...waiting.map((task) => tasks.begin(task, begin, UNLIMITED)),
    ]);
    const begun = starts.filter(({ type }) => type === "begun").length;
    expect([cancelled, told.length]).toEqual([10 - begun, begun]);
    const ids = waiting.map(({ id }) => id);
    expect((await orders.waiting(ids)).toSorted()).toEqual(told.toSorted());
  });
});
