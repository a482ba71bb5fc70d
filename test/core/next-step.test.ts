import { describe, expect, test } from "vitest";
import type { NextStep } from "../../src/core/next-step.ts";
import { isBeginning, nextStep } from "../../src/core/next-step.ts";
import type { Task } from "../../src/core/task.ts";
import { ACKNOWLEDGED, ADMITTED, ASKED, LINKED, PROMPTED, STARTED, taskWith } from "./task.ts";

const LATER = "2026-11-21T13:00:00.000Z";

describe("the next step of a task", () => {
  test.each<[string, Partial<Task>, NextStep]>([
    ["is new", {}, "receive"],
    ["was let through the gate", ADMITTED, "receive"],
    ["was acknowledged", ACKNOWLEDGED, "start"],
    ["is tried again", { ...ACKNOWLEDGED, retries: 1, notBefore: LATER }, "start"],
    ["asked for a session and does not know what came of it", ASKED, "interrupted"],
    ["has a session", STARTED, "resume"],
    ["has a session with a link, but no prompt in it", { ...STARTED, linkUrl: "x" }, "resume"],
    ["was sending the prompt", { ...STARTED, promptIntentAt: LATER }, "resume"],
    ["has delivered the prompt", PROMPTED, "resume"],
    ["has delivered the prompt and knows the link", LINKED, "report"],
    ["has begun to write the comment", { ...LINKED, commentIntentAt: LATER }, "report"],
    ["has a comment", { ...LINKED, commentId: 5 }, "report"],
    ["was stopped before it began", { ...ACKNOWLEDGED, cancellation: "stopped" }, "report"],
    ["was stopped with a session", { ...STARTED, cancellation: "stopped" }, "report"],
    ["was denied", { denial: "fork" }, "report"],
    ["failed before a session", { ...ASKED, failureCode: "policy_blocked" }, "report"],
    ["failed with a session", { ...STARTED, failureCode: "prompt_not_delivered" }, "report"],
  ])("that %s", (_what, changes, step) => {
    expect(nextStep(taskWith(changes))).toBe(step);
    expect(nextStep(taskWith({ ...changes, settledAt: LATER }))).toBe("nothing");
  });
});

describe("a task that may yet get its prompt", () => {
  test.each<[string, Partial<Task>]>([
    ["waits for its place", ACKNOWLEDGED],
    ["asks for a session", ASKED],
    ["has a session", STARTED],
    ["waits for a late agent", { ...ASKED, failureCode: "start_timed_out", watchUntil: LATER }],
  ])("%s", (_what, changes) => {
    expect(isBeginning(taskWith(changes))).toBe(true);
    expect(isBeginning(taskWith({ ...changes, settledAt: LATER }))).toBe(false);
  });

  test.each<[string, Partial<Task>]>([
    ["has it", PROMPTED],
    ["has failed", { ...ASKED, failureCode: "policy_blocked" }],
    ["was denied", { denial: "fork" }],
    ["was answered", { answer: "Help." }],
    ["was stopped", { ...STARTED, cancellation: "stopped" }],
  ])("is not one that %s", (_what, changes) => {
    expect(isBeginning(taskWith(changes))).toBe(false);
  });
});
