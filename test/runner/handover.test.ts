import { expect, test } from "vitest";
import type { Admitted } from "../../src/runner/receive/gate.ts";
import { createHandover } from "../../src/runner/receive/handover.ts";
import { taskWith } from "../core/task.ts";

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it's handed on as it is
const FOUND = { survey: { role: "write" }, policy: {} } as unknown as Omit<Admitted, "task">;

test("a task that starts at once uses the survey of its receipt, once", () => {
  const handover = createHandover(() => new Date(1_000), 2_000);
  handover.give({ ...FOUND, task: taskWith() });
  const later = taskWith({ updatedAt: "2026-11-21T12:00:01.000Z" });
  expect(handover.take(later)).toEqual({ ...FOUND, task: later });
  expect(handover.take(later)).toBeNull();
});

test("a task that waited for its start, or was received elsewhere, makes a new survey", () => {
  let now = 1_000;
  const handover = createHandover(() => new Date(now), 2_000);
  handover.give({ ...FOUND, task: taskWith() });
  now += 2_001;
  expect(handover.take(taskWith())).toBeNull();
  expect(handover.take(taskWith({ id: "another" }))).toBeNull();
});
