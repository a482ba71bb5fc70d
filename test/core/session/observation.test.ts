import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { Asking, PermissionAsking } from "../../../src/core/task/asking.ts";
import { observationsOf } from "../../../src/core/session/events.ts";

const ENVELOPE = { id: "event-1", timestamp: "2026-11-21T12:00:00Z" } as const;

/** The observations of an event, without what all of them have. */
function observed(type: string, data: unknown): unknown[] {
  return observationsOf({ ...ENVELOPE, type, data }).map(({ id: _id, at: _at, ...rest }) => rest);
}

function idsOf(type: string, data: unknown): string[] {
  return observationsOf({ ...ENVELOPE, type, data }).map(({ id }) => id);
}

const parts = (...all: [string, string][]) => all.map(([name, text]) => ({ name, text }));

/** A permission request's observation, without its empty fields. */
function permission(permissionRequest: object): Partial<PermissionAsking> | null {
  const [one] = observationsOf({
    ...ENVELOPE,
    type: "permission.requested",
    data: { requestId: "r1", permissionRequest },
  });
  if (one?.type !== "asked" || one.asking.type !== "permission") return null;
  const fields = Object.entries(one.asking).filter(([, value]) => value !== null);
  return Object.fromEntries(fields);
}

function asking(type: string, data: object): Asking | null {
  const [one] = observationsOf({ ...ENVELOPE, type, data: { requestId: "r1", ...data } });
  return one?.type === "asked" ? one.asking : null;
}

const complete = "tool.execution_complete";
const result = (content: string) => ({ toolCallId: "c", success: true, result: { content } });

const PULL = "https://github.com/octo-org/hello/pull/12";
const said = (text: string) => ({ type: "said", text });
const pull = (url = PULL) => ({ type: "pull_request", url });

describe("an event", () => {
  test.each([
    ["assistant.turn_start", { turnId: "0" }, [{ type: "working" }]],
    ["tool.execution_start", { toolCallId: "c", toolName: "bash" }, [{ type: "working" }]],
    ["assistant.message", { messageId: "m", content: "Hello" }, [said("Hello")]],
    ["session.idle", {}, [{ type: "idle" }]],
    ["session.idle", { aborted: true }, [{ type: "aborted" }, { type: "idle" }]],
    ["session.task_complete", { summary: "Done." }, [{ type: "completed", summary: "Done." }]],
    ["session.task_complete", {}, [{ type: "completed", summary: null }]],
    ["session.error", { errorType: "quota", message: "No" }, [{ type: "failed", message: "No" }]],
    ["session.shutdown", { shutdownType: "routine" }, [{ type: "ended", reason: "routine" }]],
    [
      "session.shutdown",
      { shutdownType: "error", errorReason: "out of memory" },
      [
        { type: "failed", message: "out of memory" },
        { type: "ended", reason: "error" },
      ],
    ],
    ["abort", { reason: "remote_command" }, [{ type: "aborted" }]],
    ["permission.completed", { requestId: "r1" }, [{ type: "answered", requestId: "r1" }]],
    ["user_input.completed", { requestId: "r1" }, [{ type: "answered", requestId: "r1" }]],
    ["exit_plan_mode.completed", { requestId: "r1" }, [{ type: "answered", requestId: "r1" }]],
    ["elicitation.completed", { requestId: "r1" }, [{ type: "answered", requestId: "r1" }]],
  ])("%s %j", (type, data, expected) => {
    expect(observed(type, data)).toEqual(expected);
  });

  test.each([
    ["of a type that is not known", "brand.new", {}],
    ["without words", "assistant.message", { messageId: "m", content: " \n" }],
    [
      "of another agent, which speaks to the first",
      "assistant.message",
      { content: "Found it.", parentToolCallId: "call-1" },
    ],
    ["of another shape", "assistant.message", { content: 5 }],
    ["without data", "session.idle", null],
    ["about a request without an id", "permission.requested", { permissionRequest: {} }],
    [
      "about a request that a hook has settled",
      "permission.requested",
      { requestId: "r1", resolvedByHook: true, permissionRequest: { kind: "read" } },
    ],
    ["about a request of no kind", "permission.requested", { requestId: "r1" }],
  ])("%s is no observation", (_what, type, data) => {
    expect(observed(type, data)).toEqual([]);
  });

  it("without an id or a time is no observation", () => {
    const event = { type: "session.idle", data: {} };
    expect(observationsOf({ ...event, id: "", timestamp: ENVELOPE.timestamp })).toEqual([]);
    expect(observationsOf({ ...event, id: "event-1", timestamp: "yesterday" })).toEqual([]);
  });

  it("is known by what the session calls it, and by its own id where it calls it nothing", () => {
    expect(idsOf("assistant.message", { messageId: "m1", content: "Hello" })).toEqual([
      "said m1 0",
    ]);
    expect(idsOf("assistant.message", { content: "Hello" })).toEqual(["event-1"]);
    expect(idsOf("permission.completed", { requestId: "r1" })).toEqual(["answered r1"]);
    expect(idsOf("session.idle", {})).toEqual(["event-1"]);
  });

  it("has its time in UTC, however it was written", () => {
    const event = { id: "e", type: "session.idle", data: {} };
    const [idle] = observationsOf({ ...event, timestamp: "2026-11-21T14:00:00+02:00" });
    expect(idle?.at).toBe("2026-11-21T12:00:00.000Z");
  });

  it("never throws, whatever is in it", () => {
    const types = ["assistant.message", "permission.requested", "session.shutdown", "abort", "x"];
    const anyEvent = fc.record({
      id: fc.string(),
      timestamp: fc.string(),
      type: fc.constantFrom(...types),
      data: fc.anything({ withNullPrototype: true }),
    });
    fc.assert(
      fc.property(anyEvent, (event) => {
        for (const { at } of observationsOf(event)) expect(Date.parse(at)).not.toBeNaN();
      }),
    );
  });
});

describe("a task that is reported as complete", () => {
  test.each([
    ["is not while the reviewer wants more", { success: false, outcome: "continue" }, "working"],
    ["is not when it was not accepted", { success: false, summary: "Done." }, "working"],
    ["has failed when it is blocked", { outcome: "blocked", reason: "No access" }, "failed"],
    ["is when it was accepted", { success: true, outcome: "completed" }, "completed"],
  ])("%s", (_what, data, type) => {
    expect(observed("session.task_complete", data)).toEqual([expect.objectContaining({ type })]);
  });
});

describe("a permission request", () => {
  test("of a shell", () => {
    const request = {
      kind: "shell",
      toolCallId: "call-1",
      fullCommandText: "git push origin main",
      intention: "Push",
      commands: [{ identifier: "git push origin main", readOnly: false }],
      hasWriteFileRedirection: false,
    };
    expect(permission(request)).toEqual({
      type: "permission",
      kind: "shell",
      command: "git push origin main",
      intention: "Push",
      readOnly: false,
      managedApprovalRequired: false,
      leavesSandbox: false,
      details: parts(["command", "git push origin main"], ["intention", "Push"]),
    });
  });

  test.each([
    ["write", { fileName: "README.md" }, { path: "README.md", readOnly: false }],
    ["read", { path: "/etc/passwd" }, { path: "/etc/passwd", readOnly: true }],
    ["url", { url: "https://example.com/" }, { url: "https://example.com/" }],
    [
      "mcp",
      {
        serverName: "github",
        toolName: "push_files",
        toolTitle: "Push files",
        args: { branch: "main" },
        readOnly: false,
      },
      {
        tool: "github/push_files",
        branch: "main",
        readOnly: false,
        details: parts(
          ["server", "github"],
          ["tool", "push_files"],
          ["title", "Push files"],
          ["argument branch", "main"],
          ["read only", "false"],
        ),
      },
    ],
    ["mcp", { toolName: "t", args: '{"ref":"refs/heads/main"}' }, { branch: "refs/heads/main" }],
    ["hook", { toolName: "edit", hookMessage: "Sure?" }, { tool: "edit" }],
    ["shell", { commands: [{ readOnly: true }, { readOnly: true }] }, { readOnly: true }],
    ["shell", { commands: [{ readOnly: true }, { readOnly: false }] }, { readOnly: false }],
    [
      "shell",
      { commands: [{ readOnly: true }], hasWriteFileRedirection: true },
      { readOnly: false },
    ],
    ["url", { managedApprovalRequired: true }, { managedApprovalRequired: true }],
    ["something-new", { intention: "Who knows" }, { intention: "Who knows" }],
  ])("%s %j", (kind, request, expected) => {
    expect(permission({ kind, ...request })).toMatchObject({ kind, ...expected });
  });

  it("with fields of other shapes shows what is left", () => {
    expect(
      permission({ kind: "shell", fullCommandText: 5, commands: "ls", intention: "Look" }),
    ).toEqual({
      type: "permission",
      kind: "shell",
      intention: "Look",
      managedApprovalRequired: false,
      leavesSandbox: false,
      details: parts(["command", "5"], ["commands", "ls"], ["intention", "Look"]),
    });
  });

  it("too long to be shown whole is for people", () => {
    const fullCommandText = `echo ${"x".repeat(20_000)}; git push origin main`;
    const cut = permission({ kind: "shell", fullCommandText });
    expect(cut).toMatchObject({ managedApprovalRequired: true, details: [], withheld: "too_long" });
    expect(cut?.command).toHaveLength(20_000);
  });
});

describe("what else the agent asks", () => {
  test("a question", () => {
    const data = { question: "Which?", choices: ["main", "dev"], allowFreeform: false };
    expect(asking("user_input.requested", data)).toEqual({
      type: "question",
      question: "Which?",
      choices: ["main", "dev"],
      freeform: false,
    });
    expect(asking("user_input.requested", { question: "Why?" })).toEqual({
      type: "question",
      question: "Why?",
      choices: [],
      freeform: true,
    });
  });

  test("a plan, with the recommended action first", () => {
    const actions = ["autopilot", "interactive", "exit_only"];
    const data = { summary: "- Do it", actions, recommendedAction: "interactive" };
    expect(asking("exit_plan_mode.requested", data)).toEqual({
      type: "plan",
      summary: "- Do it",
      actions: ["interactive", "autopilot", "exit_only"],
    });
  });

  test("a form, which only Mission Control can take", () => {
    const data = { message: "Who are you?", requestedSchema: { type: "object" } };
    expect(asking("elicitation.requested", data)).toEqual({
      type: "question",
      question: "Who are you?",
      choices: [],
      freeform: false,
    });
  });
});

describe("pull requests", () => {
  test.each([
    ["in the answer of a tool", complete, result(`${PULL}\n<exited with exit code 0>`), [pull()]],
    ["in a structured answer", complete, result(`{"url":"${PULL}"}`), [pull()]],
    ["reported twice", complete, result(`${PULL} ${PULL}`), [pull()]],
    ["in words", "assistant.message", { content: `See ${PULL}.` }, [said(`See ${PULL}.`), pull()]],
    [
      "in the summary",
      "session.task_complete",
      { summary: `(${PULL}/files)` },
      [{ type: "completed", summary: `(${PULL}/files)` }, pull()],
    ],
    [
      "of an enterprise",
      complete,
      result("https://git.example.com:8443/a_b/c.d/pull/7#x"),
      [pull("https://git.example.com:8443/a_b/c.d/pull/7")],
    ],
    [
      "of an enterprise without TLS",
      complete,
      result("http://git.internal/octo-org/hello/pull/7"),
      [pull("http://git.internal/octo-org/hello/pull/7")],
    ],
  ])("%s", (_where, type, data, expected) => {
    expect(observed(type, data)).toEqual(expected);
  });

  test.each([
    "https://github.com/octo-org/hello/pull/new/fix",
    "https://github.com/octo-org/hello/pull/0",
    "https://github.com/octo-org/hello/pull/12abc",
    "https://github.com/octo-org/hello/issues/12",
    "https://api.github.com/repos/octo-org/hello/pulls/12",
    "ftp://github.com/octo-org/hello/pull/12",
    "https://user@github.com/octo-org/hello/pull/12",
    "https://github.com/octo-org/hello/../pull/12",
    "https://github.com/octo-org/../pull/12",
    "javascript:https//github.com/octo-org/hello/pull/12",
  ])("not %s", (address) => {
    expect(observed(complete, result(address))).toEqual([]);
  });

  it("are not looked for in the list of a tool, nor in a long one of the agent's", () => {
    const list = (count: number) =>
      Array.from({ length: count }, (_, index) => `${PULL}${index}`).join("\n");
    expect(observed(complete, result(list(2)))).toEqual([]);
    expect(observed("assistant.message", { content: list(5) })).toHaveLength(6);
    expect(observed("assistant.message", { content: list(6) })).toHaveLength(1);
    expect(observed(complete, { ...result(PULL), success: false })).toEqual([]);
  });
});
