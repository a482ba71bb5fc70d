import { describe, expect, test } from "vitest";
import { GITHUB_COM } from "../../../src/core/github/hosts.ts";
import { renderComment } from "../../../src/core/comment/comment.ts";
import type { DenialReason } from "../../../src/core/task/denial.ts";
import type { Cancellation } from "../../../src/core/task/outcome.ts";
import { canBeRetried } from "../../../src/core/task/retry.ts";
import { CODES } from "../codes.ts";
import type { Layer } from "../task.ts";
import { ADMITTED, canceled, COMMANDED, denied, failed, taskWith } from "../task.ts";

/** How the task was requested, and whether its kind is known. */
const ASKED: Readonly<Record<string, readonly Layer[]>> = {
  "a label": [{ decision: { kind: null } }],
  "a label that was understood": [ADMITTED],
  "a command": [COMMANDED, { decision: { kind: null } }],
  "a command that was understood": [COMMANDED, ADMITTED],
};

const WAYS: Readonly<Record<string, string>> = {
  "a label": "remove the label `copilot:triage` and add it again.",
  "a label that was understood":
    "comment `/copilot retry 0b4f9bd6`, or remove and re-add the label.",
  "a command": "write your command again in a new comment.",
  "a command that was understood": "comment `/copilot retry 0b4f9bd6`.",
};

/** The comment about a task's outcome, and whether the task can be retried. */
function commentFor(asked: string, outcome: Layer) {
  const task = taskWith(...(ASKED[asked] ?? []), outcome);
  return { comment: renderComment(task, GITHUB_COM), canRetry: canBeRetried(task) };
}

describe.each(Object.keys(ASKED))("asked by %s", (asked) => {
  const way = WAYS[asked] ?? "";

  test.each(CODES)("a failure says how to try again, in a way that works: %s", (code) => {
    const { comment, canRetry } = commentFor(asked, { state: "failed", outcome: failed(code) });
    expect(comment).toMatch(/(?:Once that's fixed|To try again), /u);
    expect(comment).toContain(`, ${way}`);
    expect(comment.includes("/copilot retry")).toBe(canRetry);
  });

  test.each<[DenialReason, boolean]>([
    ["no_permission", false],
    ["denied_by_name", false],
    ["app_not_trusted", false],
    ["copilot_account", false],
    ["not_on_the_list", false],
    ["unknown_command", false],
    ["misplaced_command", false],
    ["subject_closed", false],
    ["fork", false],
    ["branch_not_eligible", false],
    ["team_missing", true],
    ["teams_unreadable", true],
    ["policy_wrong", true],
    ["repository_archived", true],
    ["repository_empty", true],
    ["subject_locked", true],
    ["fork_without_ok", true],
    ["branch_missing", true],
    ["cannot_connect", true],
    ["no_bot_account", true],
    ["self_hosting_off", true],
    ["self_hosting_repository", true],
    ["self_hosting_egress", true],
    ["self_hosting_fork", false],
    ["over_limit", true],
  ])("a refusal says so if its reason can change: %s", (reason, passes) => {
    const { comment } = commentFor(asked, { state: "failed", outcome: denied(reason, "No.") });
    expect(comment.includes(`No.\n\nAfter that, ${way}`)).toBe(passes);
    expect(comment.includes("After that")).toBe(passes);
    expect(passes || !comment.includes("/copilot retry")).toBe(true);
  });

  test.each<[Cancellation, string | null]>([
    ["stopped", "To try again"],
    ["not_connected", "To try again"],
    ["subject_closed", "Once it's reopened"],
    ["branch_deleted", "Once the branch is restored"],
    ["subject_deleted", null],
    ["subject_transferred", null],
    ["subject_gone", null],
    ["label_without_meaning", null],
    ["command_misplaced", null],
    ["installation_deleted", null],
    ["installation_suspended", null],
    ["repository_removed", null],
    ["repository_deleted", null],
  ])("a canceled task says so if its thread can be reached: %s", (why, first) => {
    const { comment } = commentFor(asked, { state: "cancelled", outcome: canceled(why) });
    if (first === null) expect(comment).not.toMatch(/again|retry/u);
    else expect(comment).toContain(` ${first}, ${way}`);
  });
});

test("a label that was removed is only added again", () => {
  const outcome = { state: "cancelled", outcome: canceled("label_removed") } as const;
  expect(commentFor("a label", outcome).comment).toContain(
    "To try again, add the label `copilot:triage` again.",
  );
  expect(commentFor("a label that was understood", outcome).comment).toContain(
    "To try again, comment `/copilot retry 0b4f9bd6`, or add the label again.",
  );
});
