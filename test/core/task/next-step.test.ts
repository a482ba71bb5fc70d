import { describe, expect, test } from "vitest";
import type { NextStep } from "../../../src/core/task/next-step.ts";
import { isBeginning, nextStep } from "../../../src/core/task/next-step.ts";
import type { Layer } from "../task.ts";
import {
  ACKNOWLEDGED,
  ADMITTED,
  ASKED,
  HOSTED,
  LINKED,
  PROMPTED,
  STARTED,
  answered,
  canceled,
  denied,
  failed,
  over,
  taskWith,
} from "../task.ts";

const LATER = "2026-11-21T13:00:00.000Z";

describe("the next step of a task", () => {
  test.each<[string, Layer, NextStep]>([
    ["is new", {}, "receive"],
    ["was let through the gate", ADMITTED, "receive"],
    ["was acknowledged", ACKNOWLEDGED, "start"],
    ["is tried again", over(ACKNOWLEDGED, { schedule: { retries: 1, notBefore: LATER } }), "start"],
    ["asked for a session and does not know what came of it", ASKED, "interrupted"],
    ["has a session", STARTED, "resume"],
    [
      "has a session with a link, but no prompt in it",
      over(STARTED, { session: { link: { url: "x", source: "session" } } }),
      "resume",
    ],
    [
      "was sending the prompt",
      over(STARTED, { session: { prompt: { intentAt: LATER } } }),
      "resume",
    ],
    ["has delivered the prompt", PROMPTED, "resume"],
    ["has delivered the prompt and knows the link", LINKED, "report"],
    ["has delivered the prompt on a machine that shares nothing", over(PROMPTED, HOSTED), "report"],
    [
      "follows a session on a machine that shares nothing",
      over(PROMPTED, HOSTED, { session: { followUntil: LATER } }),
      "follow",
    ],
    ["sends the prompt on a machine", over(STARTED, HOSTED), "resume"],
    [
      "has begun to write the comment",
      over(LINKED, { shown: { comment: { intentAt: LATER } } }),
      "report",
    ],
    ["has a comment", over(LINKED, { shown: { comment: { id: 5 } } }), "report"],
    ["was stopped before it began", over(ACKNOWLEDGED, { outcome: canceled("stopped") }), "report"],
    ["was stopped with a session", over(STARTED, { outcome: canceled("stopped") }), "report"],
    ["was denied", { outcome: denied("fork") }, "report"],
    ["failed before a session", over(ASKED, { outcome: failed("policy_blocked") }), "report"],
    ["failed with a session", over(STARTED, { outcome: failed("prompt_not_delivered") }), "report"],
  ])("that %s", (_what, changes, step) => {
    expect(nextStep(taskWith(changes))).toBe(step);
    expect(nextStep(taskWith(changes, { settledAt: LATER }))).toBe("nothing");
  });
});

describe("a task that may yet get its prompt", () => {
  test.each<[string, Layer]>([
    ["waits for its place", ACKNOWLEDGED],
    ["asks for a session", ASKED],
    ["has a session", STARTED],
    [
      "waits for a late agent",
      over(ASKED, { outcome: failed("start_timed_out", { watchUntil: LATER }) }),
    ],
  ])("%s", (_what, changes) => {
    expect(isBeginning(taskWith(changes))).toBe(true);
    expect(isBeginning(taskWith(changes, { settledAt: LATER }))).toBe(false);
  });

  test.each<[string, Layer]>([
    ["has it", PROMPTED],
    ["has failed", over(ASKED, { outcome: failed("policy_blocked") })],
    ["was denied", { outcome: denied("fork") }],
    ["was answered", { outcome: answered("Help.") }],
    ["was stopped", over(STARTED, { outcome: canceled("stopped") })],
  ])("is not one that %s", (_what, changes) => {
    expect(isBeginning(taskWith(changes))).toBe(false);
  });
});
