import { describe, expect, test } from "vitest";
import { nextStep } from "../../../src/core/task/next-step.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { acknowledged, judged, retrying } from "../../../src/core/task/transitions/deciding.ts";
import * as end from "../../../src/core/task/transitions/ending.ts";
import {
  followed,
  linkCorrected,
  reopened,
  unfollowed,
} from "../../../src/core/task/transitions/following.ts";
import * as start from "../../../src/core/task/transitions/starting.ts";
import { answered, COMMANDED, denied, failed, LINKED, taskWith } from "../task.ts";

const AT = "2026-11-21T12:30:00.000Z";
const LATER = "2026-11-21T13:00:00.000Z";
const BLOCKED = { code: "policy_blocked", message: "Blocked", nothingCreated: true } as const;
const LATE = { code: "start_timed_out", message: "No.", nothingCreated: false } as const;
const PLACE = { branch: "main", commit: "0123456789abcdef0123456789abcdef01234567" };
const JUDGMENT = {
  role: "write",
  policyCommit: "1",
  defaultsCommit: null,
  admitted: { kind: "triage", identity: "requester", place: PLACE },
  refusedCommit: null,
} as const;
const TERMS: start.SessionTerms = {
  backend: "cloud",
  digest: "3".repeat(64),
  leftOut: null,
  removesTrigger: true,
  labels: { running: "running", failed: null },
  onClose: "stop",
  permissionsPolicy: "ask",
  notify: ["failed"],
  defaultBranch: "main",
  checkCommit: null,
  qrSecret: null,
  hosting: null,
};
const SESSION = {
  id: "session",
  repository: "octo-org/hello",
  branch: "main",
  canResume: true,
  settings: [],
  hosted: null,
};
const LINK = { url: "https://github.com/copilot/tasks/session", source: "session" } as const;

test("a task goes from its trigger to its session step by step", () => {
  const steps: [what: string, change: (task: Task) => Task][] = [
    ["judged", (task) => judged(task, JUDGMENT)],
    ["acknowledged", (task) => acknowledged(task, AT)],
    ["requested", (task) => start.sessionRequested(task, AT, TERMS)],
    ["opened", (task) => start.sessionOpened(task, AT, SESSION)],
    ["delivered", (task) => start.promptDelivered(task, AT)],
    ["linked", (task) => start.linked(task, LINK)],
    ["followed", (task) => followed(task, LATER)],
    ["unfollowed", (task) => unfollowed(task, "idle")],
    ["settled", (task) => end.settled(task, LATER)],
  ];
  let task = taskWith({ decision: { kind: null } });
  const seen = steps.map(([what, change]) => {
    task = change(task);
    return `${what}: ${task.state}, then ${nextStep(task)}`;
  });
  expect(seen).toEqual([
    "judged: queued, then receive",
    "acknowledged: queued, then start",
    "requested: in_progress, then interrupted",
    "opened: in_progress, then resume",
    "delivered: in_progress, then resume",
    "linked: in_progress, then report",
    "followed: in_progress, then follow",
    "unfollowed: in_progress, then report",
    "settled: in_progress, then nothing",
  ]);
  expect(task.shown.labelToRemove).toBe("copilot:triage");
});

describe("a failure", () => {
  const requested = start.sessionRequested(taskWith(), AT, TERMS);

  test("that created nothing leaves no session behind", () => {
    expect(end.failedForGood(requested, BLOCKED)).toMatchObject({
      state: "failed",
      session: { intentAt: null },
      outcome: failed("policy_blocked", { detail: "Blocked" }),
    });
  });

  test("keeps a session that is known", () => {
    const known = start.sessionKnown(requested, "session");
    expect(end.failedForGood(known, BLOCKED).session).toMatchObject({
      intentAt: AT,
      id: "session",
    });
  });

  test("that passes is no outcome: the task starts again", () => {
    expect(end.retryScheduled(requested, BLOCKED, LATER)).toMatchObject({
      state: "queued",
      schedule: { retries: 1, notBefore: LATER },
      session: { intentAt: null },
      outcome: null,
    });
  });

  test("of a late agent is over when it starts after all", () => {
    const late = start.late(requested, LATE, LATER);
    expect(nextStep(start.sessionKnown(late, "session"))).toBe("resume");
    expect(start.sessionOpened(late, AT, SESSION).outcome).toBeNull();
    expect(nextStep(start.watchEnded(late))).toBe("report");
  });

  test("takes the task out of its line", () => {
    const waiting = start.waitingForPlace(taskWith(), AT, 1);
    expect(waiting.schedule).toMatchObject({ waitingSince: AT, atOnce: 1 });
    expect(start.waitingForPlace(waiting, LATER, 2).schedule.waitingSince).toBe(AT);
    expect(end.failedForGood(waiting, BLOCKED).schedule.waitingSince).toBeNull();
    expect(end.canceled(waiting, "subject_gone").schedule.waitingSince).toBeNull();
  });
});

describe("a task has one outcome", () => {
  test("the newest", () => {
    const late = start.late(taskWith(), LATE, LATER);
    expect(end.denied(late, { reason: "fork", text: null }).outcome).toEqual(denied("fork"));
  });

  test("and keeps it when nothing more can be said", () => {
    const silence = { type: "failed", code: "github_refused", detail: "No." } as const;
    const answeredTask = taskWith({ outcome: answered("Help.") });
    expect(end.silenced(answeredTask, silence)).toBe(answeredTask);
    expect(end.silenced(taskWith(LINKED), silence)).toMatchObject({
      state: "in_progress",
      outcome: failed("github_refused", { detail: "No." }),
    });
  });
});

test("a settled task that is reopened is followed again, where its thread is now", () => {
  const ended = end.settled(unfollowed(taskWith(LINKED), "idle"), AT);
  const moved = taskWith({ place: { repository: "world" } }).place;
  expect(reopened(ended, { followUntil: LATER, place: moved })).toMatchObject({
    settledAt: null,
    place: { repository: "world" },
    session: { unfollowed: null, followUntil: LATER },
  });
});

test("a task that is moved again gives GitHub the whole time again", () => {
  const refused = { since: AT, count: 90, type: "unreachable", message: "502" } as const;
  const ended = end.settled(taskWith(LINKED, { shown: { refused } }), AT);
  expect(reopened(ended, { followUntil: LATER }).shown.refused).toBeNull();
  expect(linkCorrected(ended, "https://github.com/copilot/tasks/1").shown.refused).toBeNull();
});

test("a retry takes over the kind, and the instructions of people with write access", () => {
  const command = taskWith(COMMANDED, { trigger: { name: "retry" } });
  const first = taskWith(COMMANDED, { id: "first", trigger: { instructions: "Look." } });
  const trusted = retrying(command, first, { more: "Again.", isTrusted: true });
  expect(trusted.decision).toMatchObject({ kind: "triage", retryOf: "first" });
  expect(trusted.trigger).toMatchObject({ instructions: "Look.\n\nAgain." });
  const stranger = retrying(command, first, { more: "Again.", isTrusted: false });
  expect(stranger.trigger).toMatchObject({ instructions: "Again." });
});
