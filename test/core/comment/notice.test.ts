import { describe, expect, test } from "vitest";
import { GITHUB_COM } from "../../../src/core/github/hosts.ts";
import { noticeStep, renderNotice } from "../../../src/core/comment/notice.ts";
import type { Asking } from "../../../src/core/task/asking.ts";
import type { Asked } from "../../../src/core/task/asking.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { SHELL } from "../asking.ts";
import type { Layer } from "../task.ts";
import { COMMANDED, LINKED, canceled, failed, over, taskWith } from "../task.ts";

const QUESTION: Asking = {
  type: "question",
  question: "@all **Where?**",
  choices: [],
  freeform: true,
};
const FORM: Asking = { ...QUESTION, freeform: false };
const PLAN: Asking = { type: "plan", summary: "<!-- x -->", actions: [] };
const ALL = ["waiting", "failed", "completed"] as const;

const asked = (asking: Asking, code = "a1b2", rest: Partial<Asked> = {}) => ({
  code,
  asking,
  ...rest,
});

const asking = (...all: Asked[]) =>
  ({ state: "waiting_for_user", session: { progress: { asking: all } } }) as const;

function task(changes: Layer): Task {
  const past = {
    decision: { notify: ALL },
    shown: { notice: { intentAt: "2026-11-21T12:01:00.000Z" } },
  };
  const followed = {
    session: { followUntil: "2026-11-21T13:00:00.000Z" },
    shown: { comment: { id: 11 } },
  };
  return taskWith(over(LINKED, past, followed, changes));
}

/** What people read, without the hidden line. */
function notice(changes: Layer): string {
  const [marker, text] = renderNotice(task(changes), GITHUB_COM).trim().split("\n");
  expect(marker).toBe(
    "<!-- copilot-notice:0b4f9bd6-1f0c-4b3a-9a43-2f8d3c0c5a11:2026-11-21T12:01:00.000Z -->",
  );
  return text ?? "";
}

const LONG: Asking = { ...SHELL, withheld: "too_long" };

const CASES = [
  ["a permission", asking(asked(SHELL))],
  ["a question", asking(asked(QUESTION))],
  ["a plan", asking(asked(PLAN))],
  ["a form, which only Mission Control can take", asking(asked(FORM))],
  ["a command too long for a comment", asking(asked(LONG))],
  ["a question of before a restart", asking(asked(QUESTION, "a1b2", { elsewhere: true }))],
  ["three requests", asking(asked(SHELL), asked(SHELL, "c3d4"), asked(PLAN, "e5f6"))],
  [
    "a permission that nobody follows",
    over(asking(asked(SHELL)), { session: { unfollowed: "time" } }),
  ],
  ["a failure", { state: "failed", session: { progress: { failure: "@all **boom**" } } }],
  ["an end", { ...COMMANDED, state: "completed" }],
  ["somebody with an underscore", { state: "failed", requester: { login: "mona_corp" } }],
  ["somebody who can't be mentioned", { state: "failed", requester: { login: "dependabot[bot]" } }],
  ["an old login that begins with a hyphen", { state: "failed", requester: { login: "-mona" } }],
  ["a session without a link", { state: "failed", session: { link: null } }],
] as const;

test("a notice names what is needed, and says where to see it", () => {
  const texts = CASES.map(([name, changes]) => [name, notice(changes)]);
  expect(Object.fromEntries(texts)).toMatchInlineSnapshot(`
    {
      "a command too long for a comment": "@octocat, Copilot needs your approval (triage): see [what it wants to do](https://github.com/octo-org/hello/issues/7#issuecomment-11), and decide [in Mission Control](https://github.com/octo-org/hello/tasks/5f9c2b1e).",
      "a failure": "@octocat, Copilot's session failed (triage): see [what happened](https://github.com/octo-org/hello/issues/7#issuecomment-11) or [open the session](https://github.com/octo-org/hello/tasks/5f9c2b1e).",
      "a form, which only Mission Control can take": "@octocat, Copilot has a question (triage): see [the question](https://github.com/octo-org/hello/issues/7#issuecomment-11), and answer [in Mission Control](https://github.com/octo-org/hello/tasks/5f9c2b1e).",
      "a permission": "@octocat, Copilot needs your approval (triage): see [what it wants to do](https://github.com/octo-org/hello/issues/7#issuecomment-11), and reply with \`/copilot approve 0b4f9bd6 a1b2\` or \`/copilot deny 0b4f9bd6 a1b2\`, or decide [in Mission Control](https://github.com/octo-org/hello/tasks/5f9c2b1e).",
      "a permission that nobody follows": "@octocat, Copilot needs your approval (triage): see [what it wants to do](https://github.com/octo-org/hello/issues/7#issuecomment-11), and decide [in Mission Control](https://github.com/octo-org/hello/tasks/5f9c2b1e).",
      "a plan": "@octocat, Copilot needs your approval of a plan (triage): see [the plan](https://github.com/octo-org/hello/issues/7#issuecomment-11), and reply with \`/copilot approve 0b4f9bd6 a1b2\` or \`/copilot deny 0b4f9bd6 a1b2\`, or decide [in Mission Control](https://github.com/octo-org/hello/tasks/5f9c2b1e).",
      "a question": "@octocat, Copilot has a question (triage): see [the question](https://github.com/octo-org/hello/issues/7#issuecomment-11), and reply with \`/copilot approve 0b4f9bd6 a1b2 <answer>\` or \`/copilot deny 0b4f9bd6 a1b2\`, or answer [in Mission Control](https://github.com/octo-org/hello/tasks/5f9c2b1e).",
      "a question of before a restart": "@octocat, Copilot has a question (triage): see [the question](https://github.com/octo-org/hello/issues/7#issuecomment-11), and answer [in Mission Control](https://github.com/octo-org/hello/tasks/5f9c2b1e).",
      "a session without a link": "@octocat, Copilot's session failed (triage): see [what happened](https://github.com/octo-org/hello/issues/7#issuecomment-11) or [open the session](https://github.com/copilot/agents).",
      "an end": "@octocat, Copilot has finished (triage): see [the result](https://github.com/octo-org/hello/pull/8#issuecomment-11) or [open the session](https://github.com/octo-org/hello/tasks/5f9c2b1e).",
      "an old login that begins with a hyphen": "\`-mona\`, Copilot's session failed (triage): see [what happened](https://github.com/octo-org/hello/issues/7#issuecomment-11) or [open the session](https://github.com/octo-org/hello/tasks/5f9c2b1e).",
      "somebody who can't be mentioned": "\`dependabot[bot]\`, Copilot's session failed (triage): see [what happened](https://github.com/octo-org/hello/issues/7#issuecomment-11) or [open the session](https://github.com/octo-org/hello/tasks/5f9c2b1e).",
      "somebody with an underscore": "@mona_corp, Copilot's session failed (triage): see [what happened](https://github.com/octo-org/hello/issues/7#issuecomment-11) or [open the session](https://github.com/octo-org/hello/tasks/5f9c2b1e).",
      "three requests": "@octocat, Copilot needs your approval (triage): see [what it wants to do](https://github.com/octo-org/hello/issues/7#issuecomment-11), and reply with \`/copilot approve 0b4f9bd6 a1b2\` or \`/copilot deny 0b4f9bd6 a1b2\`, or decide [in Mission Control](https://github.com/octo-org/hello/tasks/5f9c2b1e). More of its requests are waiting.",
    }
  `);
});

describe("the next step for a notice", () => {
  const WAITING = asking(asked(SHELL), asked(PLAN, "c3d4"));
  const OPEN = { shown: { notice: { id: 5, about: "waiting a1b2" } } };

  test.each([
    ["nothing", "nothing happened", {}],
    ["nothing", "a session that didn't start", { state: "failed", session: { startedAt: null } }],
    [
      "nothing",
      "an agent that is late",
      {
        state: "failed",
        outcome: failed("start_timed_out", { watchUntil: "2026-11-21T12:09:00.000Z" }),
      },
    ],
    ["nothing", "a task that was stopped", { state: "failed", outcome: canceled("stopped") }],
    [
      "nothing",
      "a policy that says no",
      over(WAITING, { decision: { notify: ["failed", "completed"] } }),
    ],
    ["nothing", "a task of an older version", over(WAITING, { decision: { notify: [] } })],
    ["nothing", "a session that is idle for now", { state: "idle" }],
    ["open waiting a1b2 c3d4", "requests", WAITING],
    ["open failed", "a failure", { state: "failed" }],
    ["open completed", "an end", { state: "completed" }],
    [
      "open completed",
      "a session that was idle for long",
      { state: "idle", session: { unfollowed: "idle" } },
    ],
    [
      "find",
      "a notice whose creation was cut off",
      over(WAITING, { shown: { notice: { about: "waiting a1b2" } } }),
    ],
    ["refresh waiting a1b2 c3d4", "a request that joins another", over(WAITING, OPEN)],
    ["close", "requests that were answered", { ...OPEN, state: "in_progress" }],
    ["close", "the next request", over(asking(asked(PLAN, "c3d4")), OPEN)],
    ["close", "requests of a session that failed", { ...OPEN, state: "failed" }],
    [
      "close",
      "a failure that passed",
      { state: "in_progress", shown: { notice: { about: "failed", id: 5 } } },
    ],
    [
      "close",
      "a cut-off creation that is no longer needed",
      { shown: { notice: { about: "waiting a1b2" } } },
    ],
    [
      "nothing",
      "a notice that somebody deleted",
      over(WAITING, { shown: { notice: { about: "waiting a1b2", intentAt: null } } }),
    ],
  ] as const)("%s: %s", (step, _what, changes) => {
    const { type, ...rest } = noticeStep(task(changes));
    expect(["about" in rest ? `${type} ${rest.about}` : type]).toEqual([step]);
  });
});
