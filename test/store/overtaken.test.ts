import { describe, expect, test } from "vitest";
import { closed, deleted, NOTHING, recorded, triaged } from "./subject-events.ts";
import { at, living } from "./living.ts";
import { ADMITTED } from "./story.ts";
import { commanded } from "./trigger.ts";

describe("a task of a command goes with its subject and its branch, and is still to be answered", () => {
  test.each([
    ["a subject is closed", closed, ADMITTED],
    ["a branch is deleted", deleted, ADMITTED],
    ["a subject is closed before anybody looked at the task", closed, {}],
  ])("%s", async (_what, closing, changes) => {
    const { tasks, subjects } = await living();
    const { id } = await recorded(tasks, commanded(1), changes);
    const label = await recorded(tasks, triaged(2), ADMITTED);
    const applied = { canceled: 2, steered: [], unanswered: [id] };
    expect(await subjects.applySubjectEvent(closing())).toEqual(applied);
    expect(await tasks.get(id)).toMatchObject({ state: "cancelled", settledAt: null });
    expect(await tasks.get(label.id)).toMatchObject({ state: "cancelled", settledAt: at(0) });
    expect(await tasks.waiting()).toEqual([id]);
  });

  test("a delivery that comes again answers nothing again", async () => {
    const { tasks, subjects } = await living();
    await recorded(tasks, commanded(1), ADMITTED);
    const again = closed();
    await subjects.applySubjectEvent(again);
    expect(await subjects.applySubjectEvent(again)).toEqual(NOTHING);
    expect(await subjects.applySubjectEvent(closed())).toEqual(NOTHING);
  });
});
