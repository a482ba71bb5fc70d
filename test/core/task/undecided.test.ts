import { expect, test } from "vitest";
import type { Task } from "../../../src/core/task/task.ts";
import { isUndecidedBefore, undecidedPauseMs } from "../../../src/core/task/undecided.ts";
import type { Layer } from "../task.ts";
import { answered, COMMANDED, over, taskWith } from "../task.ts";

const HOUR_MS = 3_600_000;
const AT = Date.parse("2026-11-21T12:00:00.000Z");

const UNDECIDED = over(COMMANDED, { decision: { kind: null } });
const RETRY = over(UNDECIDED, { trigger: { name: "retry" } });

/** A task that was asked for so long after noon. */
function asked(afterMs: number, ...layers: readonly Layer[]): Task {
  const createdAt = new Date(AT + afterMs).toISOString();
  return taskWith(...layers, { createdAt, id: layers.at(-1)?.id ?? "a" });
}

const RETRY_AT_NOON = asked(0, RETRY, { id: "m" });

test.each<[string, Task]>([
  ["a retry of a moment before", asked(-1, RETRY)],
  ["a retry of hours before, for which GitHub was away", asked(-5 * HOUR_MS, RETRY)],
  ["of two retries of the same moment, the one with the smaller id", asked(0, RETRY, { id: "l" })],
  ["a start of just before", asked(-29_999, UNDECIDED)],
])("a retry waits for %s", (_what, other) => {
  expect(isUndecidedBefore(RETRY_AT_NOON, other)).toBe(true);
});

test.each<[string, Task]>([
  ["a later retry", asked(1, RETRY)],
  ["of two retries of the same moment, the one with the larger id", asked(0, RETRY, { id: "n" })],
  ["a start of long before", asked(-30_000, UNDECIDED)],
  ["another command", asked(-1, UNDECIDED, { trigger: { name: "stop" } })],
  [
    "a retry that has become a task",
    asked(-1, RETRY, { decision: { kind: "triage", retryOf: "x" } }),
  ],
  ["a retry that was answered", asked(-1, RETRY, { outcome: answered("") })],
  ["a retry that is over", asked(-1, RETRY, { settledAt: "2026-11-21T12:00:00.000Z" })],
])("a retry doesn't wait for %s", (_what, other) => {
  expect(isUndecidedBefore(RETRY_AT_NOON, other)).toBe(false);
});

test("a retry that waits for a day is looked at soon, and not too often", () => {
  const looks: number[] = [];
  for (let at = 0; at < 24 * HOUR_MS; at += looks.at(-1) ?? 0)
    looks.push(undecidedPauseMs(RETRY_AT_NOON, new Date(AT + at)));
  expect(looks.slice(0, 6)).toEqual([1_000, 1_000, 1_000, 1_000, 1_000, 1_250]);
  expect(looks.at(-1)).toBe(900_000);
  // So many attempts that it isn't given up on for those (src/core/task/hopeless.ts).
  expect(looks.length).toBeLessThan(150);
});
