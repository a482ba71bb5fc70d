import { describe, expect, test } from "vitest";
import { markerLabel } from "../../../src/core/comment/marker-label.ts";
import type { TaskState } from "../../../src/core/task/task.ts";
import type { Layer } from "../task.ts";
import { denied, over, taskWith } from "../task.ts";

const LABELS = { decision: { labels: { running: "copilot:running", failed: "copilot:failed" } } };

const STATES: [state: TaskState, label: string | null][] = [
  ["queued", null],
  ["in_progress", "copilot:running"],
  ["waiting_for_user", "copilot:running"],
  ["idle", "copilot:running"],
  ["completed", null],
  ["failed", "copilot:failed"],
  ["timed_out", "copilot:failed"],
  ["cancelled", null],
];

const labelOf = (changes: Layer) => markerLabel(taskWith(changes));

describe.each(STATES)("a task that is %s", (state, label) => {
  test(`has the label ${label ?? "of neither"}`, () => {
    expect(labelOf({ ...LABELS, state })).toBe(label);
  });

  test("has none that the policy does not want", () => {
    expect(labelOf({ state })).toBeNull();
    const running = label === "copilot:running" ? label : null;
    expect(labelOf(over(LABELS, { state, decision: { labels: { failed: null } } }))).toBe(running);
    const failed = label === "copilot:failed" ? label : null;
    expect(labelOf(over(LABELS, { state, decision: { labels: { running: null } } }))).toBe(failed);
  });

  test("has none of a running one when nobody follows it", () => {
    for (const unfollowed of ["over", "idle", "time", "room", "unreachable"] as const) {
      const failed = label === "copilot:failed" ? label : null;
      expect(labelOf(over(LABELS, { state, session: { unfollowed } }))).toBe(failed);
    }
  });

  test("has none when it was refused", () => {
    expect(labelOf(over(LABELS, { state, outcome: denied("no_permission") }))).toBeNull();
  });
});
