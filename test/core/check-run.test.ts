import { describe, expect, test } from "vitest";
import type { CheckRun } from "../../src/core/check-run.ts";
import { checkRunOf } from "../../src/core/check-run.ts";
import type { Task } from "../../src/core/task.ts";
import { ASKED, COMMANDED, LINKED, taskWith } from "./task.ts";

const CHECKED = { ...COMMANDED, checkCommit: "0123456789abcdef0123456789abcdef01234567" };
const FOLLOWED = { ...CHECKED, ...LINKED, followUntil: "2026-11-21T18:00:00.000Z" };
const LEFT = { ...CHECKED, ...LINKED, unfollowed: "over" } as const;
const LATE = { state: "timed_out", failureCode: "start_timed_out" } as const;
const NEUTRAL = ["completed", "neutral"] as const;

function runOf(changes: Partial<Task>): CheckRun | null {
  return checkRunOf(taskWith(changes));
}

test("a task whose policy wants no check run has none", () => {
  expect(runOf({ ...LINKED, checkCommit: null })).toBeNull();
  expect(runOf({ ...LINKED, checkCommit: null, failureCode: "unknown" })).toBeNull();
});

describe("the check run of a task", () => {
  test.each<
    [
      what: string,
      changes: Partial<Task>,
      run: readonly [CheckRun["status"], CheckRun["conclusion"]],
    ]
  >([
    ["whose session is being created", { ...CHECKED, ...ASKED }, ["queued", null]],
    ["that will be tried again", { ...CHECKED, state: "queued", retries: 1 }, ["queued", null]],
    [
      "whose agent is late, while the bot watches",
      { ...CHECKED, ...ASKED, ...LATE, watchUntil: "2026-11-21T12:30:00.000Z" },
      ["queued", null],
    ],
    ["whose agent is not watched for any more", { ...CHECKED, ...LATE }, ["completed", "failure"]],
    [
      "that failed",
      { ...CHECKED, state: "failed", failureCode: "unknown" },
      ["completed", "failure"],
    ],
    [
      "that failed with a session",
      { ...CHECKED, ...LINKED, state: "failed", failureCode: "prompt_not_delivered" },
      ["completed", "failure"],
    ],
    [
      "that was refused when it was tried again",
      { ...CHECKED, state: "failed", denial: "over_limit" },
      ["completed", "neutral"],
    ],
    [
      "that was cancelled before it was tried again",
      { ...CHECKED, state: "cancelled", cancellation: "subject_closed" },
      ["completed", "neutral"],
    ],
    ["whose session is followed", FOLLOWED, ["in_progress", null]],
    ["that waits for people", { ...FOLLOWED, state: "waiting_for_user" }, ["in_progress", null]],
    ["that is idle", { ...FOLLOWED, state: "idle" }, ["in_progress", null]],
    ["that has completed", { ...LEFT, state: "completed" }, ["completed", "success"]],
    ["whose session failed", { ...LEFT, state: "failed" }, ["completed", "failure"]],
    ["whose session timed out", { ...LEFT, state: "timed_out" }, ["completed", "failure"]],
    ["that was stopped", { ...LEFT, state: "cancelled" }, ["completed", "neutral"]],
    ["that is idle, and left alone", { ...LEFT, unfollowed: "idle", state: "idle" }, NEUTRAL],
    [
      "that waits, and is left alone",
      { ...LEFT, unfollowed: "time", state: "waiting_for_user" },
      NEUTRAL,
    ],
    [
      "that runs, and cannot be reached",
      { ...LEFT, unfollowed: "unreachable", state: "in_progress" },
      NEUTRAL,
    ],
    ["that was never followed", { ...CHECKED, ...LINKED }, NEUTRAL],
    [
      "that is left alone, whatever the time",
      { ...FOLLOWED, unfollowed: "room", state: "idle" },
      NEUTRAL,
    ],
  ])("%s", (_what, changes, [status, conclusion]) => {
    expect(runOf(changes)).toMatchObject({ status, conclusion });
  });

  test("has a conclusion when, and only when, it is completed", () => {
    for (const changes of [CHECKED, FOLLOWED, LEFT, { ...LEFT, ...LATE }]) {
      const { status, conclusion } = runOf(changes) ?? {};
      expect(conclusion === null).toBe(status !== "completed");
    }
  });

  test("leads to the session, and names the kind of the task", () => {
    const summary = "Copilot task: triage. The comment of the task tells more.";
    for (const changes of [FOLLOWED, LEFT, { ...LEFT, ...LATE }]) {
      expect(runOf(changes)).toMatchObject({ link: LINKED.linkUrl, summary });
    }
    expect(runOf(CHECKED)).toMatchObject({ link: null, summary });
  });

  test.each(["javascript:alert(1)", "data:text/html,x", "not a URL", ""])(
    "does not lead to %j",
    (linkUrl) => {
      for (const changes of [FOLLOWED, LEFT, { ...LEFT, ...LATE }]) {
        expect(runOf({ ...changes, linkUrl })).toMatchObject({ link: null });
      }
    },
  );

  test("holds nothing that the agent said", () => {
    const words = {
      said: "WORDS",
      sessionFailure: "WORDS",
      asking: "[]",
      note: "WORDS",
      pulls: "WORDS",
    };
    for (const changes of [FOLLOWED, LEFT, { ...LEFT, state: "failed" } as const]) {
      expect(runOf({ ...changes, ...words })).toEqual(runOf(changes));
    }
  });
});
