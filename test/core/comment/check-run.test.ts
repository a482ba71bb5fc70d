import { describe, expect, test } from "vitest";
import { GITHUB_COM } from "../../../src/core/github/hosts.ts";
import type { CheckRun } from "../../../src/core/comment/check-run.ts";
import { checkRunOf } from "../../../src/core/comment/check-run.ts";
import type { Layer } from "../task.ts";
import {
  ASKED,
  COMMANDED,
  HOSTED,
  LINK,
  LINKED,
  PROMPTED,
  SESSION_ID,
  canceled,
  denied,
  failed,
  over,
  taskWith,
} from "../task.ts";

const CHECKED = over(COMMANDED, {
  decision: { checkCommit: "0123456789abcdef0123456789abcdef01234567" },
});
const FOLLOWED = over(CHECKED, LINKED, { session: { followUntil: "2026-11-21T18:00:00.000Z" } });
const LEFT = over(CHECKED, LINKED, { session: { unfollowed: "over" } });
const LATE = { state: "timed_out", outcome: failed("start_timed_out") } as const;
const NEUTRAL = ["completed", "neutral"] as const;

function runOf(changes: Layer): CheckRun | null {
  return checkRunOf(taskWith(changes), GITHUB_COM);
}

test("a task whose policy wants no check run has none", () => {
  expect(runOf(over(LINKED, { decision: { checkCommit: null } }))).toBeNull();
  expect(
    runOf(over(LINKED, { decision: { checkCommit: null }, outcome: failed("unknown") })),
  ).toBeNull();
});

describe("the check run of a task", () => {
  test.each<
    [what: string, changes: Layer, run: readonly [CheckRun["status"], CheckRun["conclusion"]]]
  >([
    ["whose session is being created", over(CHECKED, ASKED), ["queued", null]],
    [
      "that will be tried again",
      over(CHECKED, { state: "queued", schedule: { retries: 1 } }),
      ["queued", null],
    ],
    [
      "whose agent is late, while the bot watches",
      over(CHECKED, ASKED, LATE, {
        outcome: failed("start_timed_out", { watchUntil: "2026-11-21T12:30:00.000Z" }),
      }),
      ["queued", null],
    ],
    ["whose agent isn't watched anymore", over(CHECKED, LATE), ["completed", "failure"]],
    [
      "that failed",
      over(CHECKED, { state: "failed", outcome: failed("unknown") }),
      ["completed", "failure"],
    ],
    [
      "that failed with a session",
      over(CHECKED, LINKED, { state: "failed", outcome: failed("prompt_not_delivered") }),
      ["completed", "failure"],
    ],
    [
      "that was refused when it was tried again",
      over(CHECKED, { state: "failed", outcome: denied("over_limit") }),
      ["completed", "neutral"],
    ],
    [
      "that was canceled before it was tried again",
      over(CHECKED, { state: "cancelled", outcome: canceled("subject_closed") }),
      ["completed", "neutral"],
    ],
    ["whose session is followed", FOLLOWED, ["in_progress", null]],
    ["that waits for people", { ...FOLLOWED, state: "waiting_for_user" }, ["in_progress", null]],
    ["that is idle", { ...FOLLOWED, state: "idle" }, ["in_progress", null]],
    ["that has completed", { ...LEFT, state: "completed" }, ["completed", "success"]],
    ["whose session failed", { ...LEFT, state: "failed" }, ["completed", "failure"]],
    ["whose session timed out", { ...LEFT, state: "timed_out" }, ["completed", "failure"]],
    ["that was stopped", { ...LEFT, state: "cancelled" }, ["completed", "neutral"]],
    [
      "that is idle, and left alone",
      over(LEFT, { state: "idle", session: { unfollowed: "idle" } }),
      NEUTRAL,
    ],
    [
      "that waits, and is left alone",
      over(LEFT, { state: "waiting_for_user", session: { unfollowed: "time" } }),
      NEUTRAL,
    ],
    [
      "that runs, and cannot be reached",
      over(LEFT, { state: "in_progress", session: { unfollowed: "unreachable" } }),
      NEUTRAL,
    ],
    ["that was never followed", over(CHECKED, LINKED), NEUTRAL],
    [
      "that is left alone, whatever the time",
      over(FOLLOWED, { state: "idle", session: { unfollowed: "room" } }),
      NEUTRAL,
    ],
  ])("%s", (_what, changes, [status, conclusion]) => {
    expect(runOf(changes)).toMatchObject({ status, conclusion });
  });

  test("has a conclusion when, and only when, it is completed", () => {
    for (const changes of [CHECKED, FOLLOWED, LEFT, over(LEFT, LATE)]) {
      const { status, conclusion } = runOf(changes) ?? {};
      expect(conclusion === null).toBe(status !== "completed");
    }
  });

  test("leads to the session, and names the kind of the task", () => {
    const summary = "Copilot task: triage. The task's comment has the details.";
    for (const changes of [FOLLOWED, LEFT, over(LEFT, LATE)]) {
      expect(runOf(changes)).toMatchObject({ link: LINK, summary });
    }
    expect(runOf(CHECKED)).toMatchObject({ link: null, summary });
  });

  test.each(["javascript:alert(1)", "data:text/html,x", "not a URL", ""])(
    "does not lead to %j",
    (linkUrl) => {
      for (const changes of [FOLLOWED, LEFT, over(LEFT, LATE)]) {
        expect(runOf(over(changes, { session: { link: { url: linkUrl } } }))).toMatchObject({
          link: `https://github.com/copilot/tasks/${SESSION_ID}`,
        });
      }
    },
  );

  test("holds nothing that the agent said", () => {
    const words = {
      session: {
        progress: {
          said: "WORDS",
          failure: "WORDS",
          asking: [],
          note: "WORDS",
          pulls: ["WORDS"],
        },
      },
    };
    for (const changes of [FOLLOWED, LEFT, { ...LEFT, state: "failed" } as const]) {
      expect(runOf(over(changes, words))).toEqual(runOf(changes));
    }
  });
});

describe("the check run of a task on the administrator's machine", () => {
  const HERE = over(CHECKED, PROMPTED, HOSTED, {
    session: { followUntil: "2026-11-21T18:00:00.000Z" },
  });
  const summaryOn = (layer: Layer) => runOf(over(HERE, layer))?.summary;

  test("needs no link", () => {
    expect(runOf(HERE)).toEqual({
      status: "in_progress",
      conclusion: null,
      link: null,
      summary:
        "Copilot task: triage. It runs on the administrator's machine `build-1`. The task's comment has the details.",
    });
    expect(runOf(over(CHECKED, ASKED, HOSTED))?.status).toBe("queued");
  });

  test("says what people have to know of the machine", () => {
    expect(summaryOn({ session: { hosting: { machine: null } } })).toContain(
      " It's waiting for one of the administrator's machines. ",
    );
    expect(summaryOn({ session: { hosting: { isIsolated: false } } })).toContain(
      " It runs on the administrator's machine `build-1`, where isolation is turned off. ",
    );
    expect(
      summaryOn({ session: { hosting: { awaySince: "2026-11-21T12:11:40.000Z" } } }),
    ).toContain(" The administrator's machine `build-1` isn't reached. ");
  });
});
