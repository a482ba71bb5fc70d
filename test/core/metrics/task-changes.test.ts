import { describe, expect, test } from "vitest";
import { COMMAND_LABELS, KIND_LABELS } from "../../../src/core/metrics/labels.ts";
import {
  measuredHosting,
  measuredLink,
  measuredStep,
} from "../../../src/core/metrics/task-changes.ts";
import type { AuditedStep } from "../../../src/core/task/audit.ts";
import { auditedStep, auditEntry } from "../../../src/core/task/audit.ts";
import type { Hosting, Pushed } from "../../../src/core/task/hosting.ts";
import type { Layer } from "../task.ts";
import { ASKED, COMMANDED, failed, HOSTED, LINKED, PROMPTED, STARTED, taskWith } from "../task.ts";

const AT = "2026-11-21T12:00:09.500Z";

function measuredOf(audited: AuditedStep | null, ...layers: readonly Layer[]) {
  if (audited === null) throw new TypeError("nothing is audited");
  return measuredStep(auditEntry(taskWith(...layers), audited, AT));
}

describe("a step of a task", () => {
  test("is counted by kind", () => {
    const step = auditedStep(taskWith(ASKED), taskWith(STARTED));
    expect(measuredOf(step)).toEqual([
      { type: "task_step", step: "session_started", kind: "triage" },
    ]);
  });

  test("that ends it is counted by its reason, too", () => {
    const failure = { outcome: failed("policy_blocked") };
    const step = auditedStep(taskWith(ASKED), taskWith(ASKED, failure));
    expect(measuredOf(step, failure)).toEqual([
      { type: "task_step", step: "failed", kind: "triage" },
      { type: "task_outcome", outcome: "failed", reason: "policy_blocked" },
    ]);
  });

  test("before its kind is known has none", () => {
    const layer = { decision: { kind: null } };
    expect(measuredOf({ step: "asked", reason: null }, layer)).toEqual([
      { type: "task_step", step: "asked", kind: "none" },
    ]);
  });

  test("that asks for it is counted by the command", () => {
    expect(measuredOf({ step: "asked", reason: null }, COMMANDED)).toEqual([
      { type: "task_step", step: "asked", kind: "triage" },
      { type: "command", command: "triage" },
    ]);
  });
});

test.each(["octocat", "copilot", "__proto__", "constructor", "", "\n# HELP x", "ghp_0123456789"])(
  "what people have written isn't counted by its name: %j",
  (name) => {
    const layers = [COMMANDED, { trigger: { name }, decision: { kind: name } }] as const;
    const counted = measuredOf({ step: "asked", reason: null }, ...layers);
    expect(counted).toEqual([
      { type: "task_step", step: "asked", kind: "other" },
      { type: "command", command: "other" },
    ]);
  },
);

test("there are few kinds and commands", () => {
  expect(KIND_LABELS).toEqual(["triage", "fix", "review", "ask", "other", "none"]);
  expect(COMMAND_LABELS).toEqual(expect.arrayContaining(["help", "stop", "triage", "other"]));
  expect(COMMAND_LABELS.length).toBeLessThan(25);
});

describe("the link", () => {
  const at = new Date("2026-11-21T12:00:09.500Z");

  test("is timed once people learn it, and the session has its prompt", () => {
    // Requested at 12:00:02, after a webhook at 12:00:00.
    const timed = { type: "link_known", sinceWebhookSeconds: 9.5, sinceRequestSeconds: 7.5 };
    expect(measuredLink(taskWith(PROMPTED), taskWith(LINKED), at)).toEqual(timed);
    expect(measuredLink(taskWith(STARTED), taskWith(LINKED), at)).toEqual(timed);
  });

  test("isn't timed while the session has no prompt, and not a second time", () => {
    const early = taskWith(STARTED, {
      session: { link: { url: "https://github.com/x", source: "session" } },
    });
    expect(measuredLink(taskWith(STARTED), early, at)).toBeNull();
    const shown = taskWith(LINKED, { shown: { comment: { id: 5 } } });
    expect(measuredLink(taskWith(LINKED), shown, at)).toBeNull();
  });

  test("takes no negative time, whatever the clock of the other machine says", () => {
    const before = new Date("2026-11-21T11:59:00.000Z");
    expect(measuredLink(taskWith(PROMPTED), taskWith(LINKED), before)).toEqual({
      type: "link_known",
      sinceWebhookSeconds: 0,
      sinceRequestSeconds: 0,
    });
  });
});

const hosting = (change: Partial<Hosting>): Layer => ({ session: { hosting: { ...change } } });
const STOPPED = hosting({ publication: { type: "stopped", reason: "credentials" } });
const pushed = (commit: string, pull: Pushed["pull"] = null) =>
  hosting({ publication: { type: "pushed", branch: "copilot/fix-7", commit, pull } });
const measured = (before: Layer, after: Layer) =>
  measuredHosting(taskWith(PROMPTED, HOSTED, before), taskWith(PROMPTED, HOSTED, after));

describe("a session on an own machine", () => {
  test("is counted by what became of its commits, each time that it's something else", () => {
    const push = { type: "machine_push", reason: "none" };
    expect(measured({}, STOPPED)).toEqual([{ ...push, result: "stopped", reason: "credentials" }]);
    expect(measured(STOPPED, pushed("a"))).toEqual([{ ...push, result: "pushed" }]);
    expect(measured(pushed("a"), pushed("b"))).toEqual([{ ...push, result: "pushed" }]);
    expect(measured(pushed("a"), pushed("a", { number: 1, url: "" }))).toEqual([]);
    const failing = hosting({ publication: { type: "failed", detail: "No <b>" } });
    expect(measured(pushed("a"), failing)).toEqual([{ ...push, result: "failed" }]);
    expect(measured(STOPPED, STOPPED)).toEqual([]);
  });

  test("is counted by what it came to, and one in the cloud isn't", () => {
    const failure = { outcome: failed("limit_exceeded") };
    const outcome = { type: "machine_outcome", outcome: "failed", reason: "limit_exceeded" };
    expect(measured({}, failure)).toEqual([outcome]);
    expect(measuredHosting(taskWith(PROMPTED), taskWith(PROMPTED, failure))).toEqual([]);
    expect(measured({}, { state: "completed" })).toEqual([
      { type: "machine_outcome", outcome: "ended", reason: "completed" },
    ]);
  });
});
