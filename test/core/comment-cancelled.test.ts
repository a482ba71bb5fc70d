import { describe, expect, test } from "vitest";
import { renderComment } from "../../src/core/comment.ts";
import { hasTraces } from "../../src/core/traces.ts";
import { ACKNOWLEDGED, ASKED, STARTED, taskWith } from "./task.ts";

const AGAIN = "To ask again, take the label `copilot:triage` off and set it again.";
const OUT_OF_REACH = "The bot may no longer work here, so it has given the task up.";

function linesOf(changes: Parameters<typeof taskWith>[0]): string[] {
  return renderComment(taskWith({ state: "cancelled", ...changes }), "https://github.com")
    .split("\n")
    .slice(1, -3);
}

describe("the comment of a task that was given up", () => {
  test.each([
    ["subject_closed", "This was closed before the task began."],
    ["label_removed", "The label was taken off before the task began."],
    ["branch_deleted", "The branch was deleted before the task began."],
    ["label_without_meaning", "The policy does not know the label any more."],
    ["subject_gone", OUT_OF_REACH],
    ["installation_deleted", OUT_OF_REACH],
    ["installation_suspended", OUT_OF_REACH],
    ["repository_removed", OUT_OF_REACH],
    ["repository_deleted", OUT_OF_REACH],
  ] as const)("tells why: %s", (cancellation, why) => {
    expect(linesOf({ ...ACKNOWLEDGED, state: "cancelled", cancellation })).toEqual([
      "### Copilot task: triage – cancelled",
      "",
      why,
      "",
      `No session was created. ${AGAIN}`,
    ]);
  });

  const stopped = { state: "cancelled", cancellation: "stopped", note: "Stopped." } as const;

  test.each([
    ["before a session", ACKNOWLEDGED, "No session was created."],
    [
      "while a session is created",
      ASKED,
      "A session may exist: look for it in [Mission Control](https://github.com/copilot/agents) before you ask for another one.",
    ],
    [
      "with a session",
      { ...STARTED, linkUrl: "https://github.com/copilot/tasks/1" },
      "A session exists: [open it in Mission Control](https://github.com/copilot/tasks/1) before you ask for another one.",
    ],
  ])("tells what there is when somebody stopped it %s", (_when, changes, what) => {
    const title = "### Copilot task: triage – stopped";
    expect(linesOf({ ...changes, ...stopped })).toEqual([
      title,
      "",
      "Stopped.",
      "",
      `${what} ${AGAIN}`,
    ]);
  });
});

test("a comment, a label and a check run are to be seen", () => {
  expect(hasTraces(taskWith(STARTED))).toBe(false);
  for (const trace of [{ commentId: 1 }, { checkRunId: 1 }, { shownLabel: "running" }]) {
    expect(hasTraces(taskWith(trace))).toBe(true);
  }
});
