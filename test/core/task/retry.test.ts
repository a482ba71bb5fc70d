import { expect, test } from "vitest";
import { retriedAs } from "../../../src/core/task/retry.ts";
import type { Task } from "../../../src/core/task/task.ts";
import type { Layer } from "../task.ts";
import { ASKED, COMMANDED, denied, failed, over, PROMPTED, taskWith } from "../task.ts";

const BEFORE = "2026-11-21T11:59:59.000Z";
const NOON = "2026-11-21T12:00:00Z";
const AFTER = "2026-11-21T12:00:01.000Z";

/** A retry of a task. */
function retryOf(id: string, retried: string, ...layers: readonly Layer[]): Task {
  const retry = { id, trigger: { name: "retry" }, decision: { retryOf: retried } } as const;
  return taskWith(COMMANDED, retry, ...layers);
}

/** What somebody asks for at noon. */
const mine = (retried: string) => retryOf("mine", retried, { trigger: { at: NOON } });

const FAILED = over(ASKED, { state: "failed", outcome: failed("start_timed_out") });
const FAILED_BEFORE = over(FAILED, { settledAt: BEFORE });

test.each<[string, Task, string]>([
  ["it begins", retryOf("r", "x"), "x"],
  ["its session works", retryOf("r", "x", PROMPTED), "x"],
  ["its end isn't reported yet", retryOf("r", "x", FAILED), "x"],
  [
    "it may still start, however late",
    retryOf("r", "x", { outcome: failed("start_timed_out", { watchUntil: AFTER }) }),
    "x",
  ],
  [
    "its session ended after this one was asked for",
    retryOf("r", "x", PROMPTED, { settledAt: AFTER }),
    "x",
  ],
  ["it's a retry of what was tried again", retryOf("r", "y"), "x"],
  ["what was tried again is a retry of the same", retryOf("r", "x"), "y"],
  ["both are of retries of the same", retryOf("r", "z"), "y"],
])("a task isn't tried again by two: %s", (_what, other, retried) => {
  const known = [retryOf("y", "x", FAILED_BEFORE), retryOf("z", "x", FAILED_BEFORE)];
  expect(retriedAs(mine(retried), [...known, other])).toBe(other);
});

test.each<[string, readonly Task[], string]>([
  ["nobody else tries it", [], "x"],
  ["another task is tried again", [retryOf("r", "other")], "x"],
  ["who asked knew that the other's session was over", [retryOf("r", "x", FAILED_BEFORE)], "x"],
  ["the other was refused", [retryOf("r", "x", { outcome: denied("no_permission") })], "x"],
  [
    "the other ended without a session",
    [retryOf("r", "x", { outcome: denied("no_permission"), settledAt: AFTER })],
    "x",
  ],
  ["the other is what's tried again", [retryOf("r", "x", FAILED, { settledAt: AFTER })], "r"],
  [
    "somebody steers what was tried again long ago",
    [retryOf("s", "x", PROMPTED), retryOf("r", "s", FAILED_BEFORE)],
    "r",
  ],
])("a task is tried again: %s", (_what, others, retried) => {
  expect(retriedAs(mine(retried), others)).toBeNull();
});
