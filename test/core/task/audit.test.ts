import { describe, expect, test } from "vitest";
import { auditedStep, auditEntry } from "../../../src/core/task/audit.ts";
import type { Layer } from "../task.ts";
import {
  ADMITTED,
  ASKED,
  COMMANDED,
  FROM_PAGE,
  LINKED,
  PROMPTED,
  SESSION_ID,
  STARTED,
  answered,
  changed,
  canceled,
  denied,
  failed,
  over,
  taskWith,
} from "../task.ts";

type Row = [what: string, before: Layer, changes: Layer, step: string, reason: unknown];

const AT = "2026-11-21T12:00:09.000Z";
const FAILED = { state: "failed", outcome: failed("policy_blocked") } as const;
const LATE = { state: "timed_out", outcome: failed("start_timed_out") } as const;
const SETTLED = { state: "cancelled", settledAt: AT } as const;

describe("the audit shows", () => {
  test("who requested a task", () => {
    expect(auditedStep(null, taskWith())).toEqual({ step: "asked", reason: null });
  });

  test("which command came from a page, where GitHub shows nothing of it", () => {
    expect(auditedStep(null, taskWith(FROM_PAGE))).toEqual({ step: "asked", reason: "page" });
  });

  test.each<Row>([
    [
      "a task that is let pass",
      {},
      over(ADMITTED, { decision: { kind: "triage" } }),
      "allowed",
      null,
    ],
    [
      "a denial",
      {},
      { state: "failed", outcome: denied("no_permission") },
      "denied",
      "no_permission",
    ],
    [
      "a denial of what was let pass before",
      ADMITTED,
      { state: "failed", outcome: denied("over_limit") },
      "denied",
      "over_limit",
    ],
    [
      "an answer",
      over(COMMANDED, { trigger: { name: "help" } }),
      { outcome: answered("…") },
      "answered",
      "help",
    ],
    [
      "a command about sharing a session",
      over(COMMANDED, { trigger: { name: "unshare" } }),
      { state: "completed", settledAt: "2026-11-21T12:00:00.000Z", session: { id: "s" } },
      "passed_on",
      "unshare",
    ],
    [
      "a command to a session",
      over(COMMANDED, { trigger: { name: "send" } }),
      { state: "completed", settledAt: "2026-11-21T12:00:00.000Z", session: { id: "s" } },
      "passed_on",
      "send",
    ],
    ["a session that is asked for", ADMITTED, ASKED, "session_asked_for", null],
    ["a session that starts", ASKED, STARTED, "session_started", null],
    [
      "a session that starts late",
      over(ASKED, LATE),
      over(STARTED, { outcome: null }),
      "session_started",
      null,
    ],
    ["a prompt that arrives", STARTED, PROMPTED, "prompt_delivered", null],
    ["a failure", ASKED, FAILED, "failed", "policy_blocked"],
    ["another failure", over(ASKED, LATE), FAILED, "failed", "policy_blocked"],
    ["a failure after the prompt", LINKED, FAILED, "failed", "policy_blocked"],
    [
      "a retry",
      ASKED,
      { state: "queued", schedule: { retries: 1 }, session: { intentAt: null } },
      "tried_again",
      null,
    ],
    [
      "a session that is asked for again",
      over(ADMITTED, { schedule: { retries: 1 } }),
      ASKED,
      "session_asked_for",
      null,
    ],
    [
      "a cancellation",
      ADMITTED,
      over(SETTLED, { outcome: canceled("subject_gone") }),
      "canceled",
      "subject_gone",
    ],
    ["a session that completes", LINKED, { state: "completed" }, "ended", "completed"],
    ["a session that fails", LINKED, { state: "failed" }, "ended", "failed"],
    ["a session that takes too long", LINKED, { state: "timed_out" }, "ended", "timed_out"],
    ["a session that is cancelled", LINKED, { state: "cancelled" }, "ended", "cancelled"],
    [
      "a session that ends again",
      { ...LINKED, state: "failed" },
      { state: "completed" },
      "ended",
      "completed",
    ],
  ])("%s", (_what, before, changes, step, reason) => {
    const task = taskWith(before);
    expect(auditedStep(task, changed(task, changes))).toEqual({ step, reason });
  });
});

describe("the audit doesn't show", () => {
  test.each<[what: string, before: Layer, changes: Layer]>([
    ["of nothing", LINKED, {}],
    [
      "what the gate sees a second time",
      ADMITTED,
      over(ADMITTED, { decision: { branch: "other" } }),
    ],
    ["of a reaction", ADMITTED, { decision: { acknowledgedAt: AT } }],
    ["of a link", PROMPTED, LINKED],
    ["of a comment", LINKED, { settledAt: AT, shown: { comment: { id: 5, intentAt: AT } } }],
    [
      "of a session that is looked at again",
      STARTED,
      { session: { startedAt: AT, prompt: { intentAt: AT } } },
    ],
    [
      "of the end of a command that was answered",
      over(COMMANDED, { trigger: { name: "send" }, outcome: answered("…") }),
      { settledAt: AT },
    ],
    ["of a failure that is over", over(ASKED, LATE), { outcome: null }],
    ["of a session that waits", LINKED, { state: "waiting_for_user" }],
    ["of the state of what never got its prompt", STARTED, { state: "failed" }],
  ])("%s", (_what, before, changes) => {
    const task = taskWith(before);
    expect(auditedStep(task, changed(task, changes))).toBeNull();
  });
});

test("an entry shows who, where, and by which policy, and nothing that people wrote", () => {
  const task = taskWith(
    over(LINKED, COMMANDED, {
      requester: { role: "write" },
      decision: { policyCommit: "1".repeat(40), defaultsCommit: "2".repeat(40) },
      session: { prompt: { digest: "3".repeat(64), leftOut: "LEFT OUT" } },
      trigger: { instructions: "INSTRUCTIONS" },
      outcome: answered("ANSWER"),
    }),
  );
  const entry = auditEntry(task, { step: "failed", reason: "unknown" }, AT);
  expect(entry).toEqual({
    at: AT,
    taskId: task.id,
    step: "failed",
    reason: "unknown",
    requester: "octocat",
    requesterId: 583_231,
    requesterRole: "write",
    installationId: 31,
    ownerId: 9_919,
    owner: "octo-org",
    repositoryId: 1_296_269,
    repository: "hello",
    subjectType: "pull_request",
    subjectNumber: 8,
    triggerLabel: null,
    command: "triage",
    kind: "triage",
    promptDigest: "3".repeat(64),
    policyCommit: "1".repeat(40),
    defaultsCommit: "2".repeat(40),
    sessionId: SESSION_ID,
    identity: "bot",
  });
  expect(JSON.stringify(entry)).not.toMatch(/INSTRUCTIONS|ANSWER|LEFT OUT|DENIAL|DETAIL/u);
});

test.each([
  ["nobody's before that's decided", {}, null],
  ["the bot's account where nobody can connect theirs", { branch: "main", identity: null }, "bot"],
  ["the requester's", { branch: "main", identity: "requester" }, "requester"],
  ["the bot's account by policy", { branch: "main", identity: "bot" }, "bot"],
] as const)("an entry shows whose Copilot is charged: %s", (_what, decision, identity) => {
  const task = taskWith({ decision });
  expect(auditEntry(task, { step: "asked", reason: null }, AT)).toMatchObject({ identity });
});
