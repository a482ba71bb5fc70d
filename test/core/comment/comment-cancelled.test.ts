import { describe, expect, test } from "vitest";
import { GITHUB_COM } from "../../../src/core/github/hosts.ts";
import { renderComment } from "../../../src/core/comment/comment.ts";
import { hasTraces } from "../../../src/core/task/traces.ts";
import type { Layer } from "../task.ts";
import { ACKNOWLEDGED, ASKED, STARTED, canceled, over, taskWith } from "../task.ts";

const RETRY = "comment `/copilot retry 0b4f9bd6`, or";
const OUT_OF_REACH = "The bot lost access to this repository, so the task was canceled.";

function linesOf(changes: Layer): string[] {
  const task = taskWith({ state: "cancelled" }, changes);
  const lines = renderComment(task, GITHUB_COM).split("\n");
  return lines.slice(1, lines.indexOf("<details><summary>Details</summary>") - 1);
}

describe("the comment of a canceled task", () => {
  test.each([
    [
      "subject_closed",
      "This was closed before the task started.",
      ` Once it's reopened, ${RETRY} remove and re-add the label.`,
    ],
    [
      "label_removed",
      "The label was removed before the task started.",
      ` To try again, ${RETRY} add the label again.`,
    ],
    [
      "branch_deleted",
      "The branch was deleted before the task started.",
      ` Once the branch is restored, ${RETRY} remove and re-add the label.`,
    ],
    ["label_without_meaning", "The policy doesn't use this label anymore.", ""],
    ["subject_gone", OUT_OF_REACH, ""],
    ["installation_deleted", OUT_OF_REACH, ""],
    ["installation_suspended", OUT_OF_REACH, ""],
    ["repository_removed", OUT_OF_REACH, ""],
    ["repository_deleted", OUT_OF_REACH, ""],
  ] as const)("says why: %s", (cancellation, why, again) => {
    expect(
      linesOf(over(ACKNOWLEDGED, { state: "cancelled", outcome: canceled(cancellation) })),
    ).toEqual([
      "### ⏹️ Copilot didn't start: triage",
      "",
      why,
      "",
      `No session was created, so nothing was charged.${again}`,
    ]);
  });

  const stopped = {
    state: "cancelled",
    session: { progress: { note: "Stopped." } },
    outcome: canceled("stopped"),
  } as const;

  test.each([
    ["before a session", ACKNOWLEDGED, "No session was created, so nothing was charged."],
    [
      "while a session is created",
      ASKED,
      "A session may exist: check the [list of sessions](https://github.com/copilot/agents) before you start another one, so you don't pay twice.",
    ],
    [
      "with a session",
      over(STARTED, { session: { link: { url: "https://github.com/copilot/tasks/1" } } }),
      "A session exists: [open it](https://github.com/copilot/tasks/1), or find it in the [list of sessions](https://github.com/copilot/agents), before you start another one.",
    ],
  ])("shows what there is when somebody stopped it %s", (_when, changes, what) => {
    const title = "### ⏹️ Copilot was stopped: triage";
    expect(linesOf(over(changes, stopped))).toEqual([
      title,
      "",
      "Stopped.",
      "",
      `${what} To try again, ${RETRY} remove and re-add the label.`,
    ]);
  });
});

test("a comment, a label and a check run are to be seen", () => {
  expect(hasTraces(taskWith(STARTED))).toBe(false);
  for (const trace of [
    { shown: { comment: { id: 1 } } },
    { shown: { checkRun: { id: 1 } } },
    { shown: { label: "running" } },
  ]) {
    expect(hasTraces(taskWith(trace))).toBe(true);
  }
});
