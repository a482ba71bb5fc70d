import { describe, expect, test } from "vitest";
import { closed, NOTHING, recorded, RUNNING, triaged, unlabelled } from "./closing.ts";
import { AT_NOON, at, living } from "./living.ts";
import { ADMITTED } from "./story.ts";

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
