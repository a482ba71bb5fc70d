import { describe, expect, test } from "vitest";
import type { Asking } from "../../src/core/observation.ts";
import { progressLines } from "../../src/core/report.ts";
import type { Task, TaskState, Unfollowed } from "../../src/core/task.ts";
import { readMarkdown } from "./markdown.ts";
import { LINKED, taskWith } from "./task.ts";
import { SHELL } from "./asking.ts";

const GITHUB = "https://github.com";

/** The session of the task 0b4f9bd6 in octo-org/hello, followed for three minutes. */
const FOLLOWED: Partial<Task> = {
  ...LINKED,
  sessionStartedAt: "2026-11-21T12:00:03.000Z",
  seenAt: "2026-11-21T12:03:03.000Z",
  followUntil: "2026-11-21T18:00:00.000Z",
};

function linesOf(changes: Partial<Task> = {}): string[] {
  return progressLines(taskWith({ ...FOLLOWED, ...changes }), GITHUB);
}

const reportOf = (changes: Partial<Task> = {}) => linesOf(changes).join("\n");

describe("the state of a session", () => {
  test.each<[state: TaskState, line: string]>([
    ["in_progress", "**In progress**, 3 min after its start."],
    ["waiting_for_user", "**Waits for an answer**, 3 min after its start."],
    ["idle", "**Idle**, 3 min after its start: it waits for words."],
    ["completed", "**Completed** after 3 min."],
    ["cancelled", "**Stopped** after 3 min."],
    ["failed", "**Failed** after 3 min. The session told this itself."],
    // What a late start leaves behind: the session that is there after all is at it.
    ["timed_out", "**In progress**, 3 min after its start."],
    ["queued", "**In progress**, 3 min after its start."],
  ])("%s stands first", (state, line) => {
    expect(linesOf({ state })[0]).toBe(line);
  });

  test("that nobody follows is the one that was seen last", () => {
    const left = { unfollowed: "time", followUntil: null } as const;
    const [working] = linesOf({ ...left, state: "in_progress" });
    expect(working).toBe("**In progress** when last seen, 3 min after its start.");
    const [waiting] = linesOf({ ...left, state: "waiting_for_user" });
    expect(waiting).toBe("**Waits for an answer** when last seen, 3 min after its start.");
    expect(linesOf({ ...left, state: "completed" })[0]).toBe("**Completed** after 3 min.");
  });

  test("failed tells why, in the session's own words", () => {
    const [line] = linesOf({ state: "failed", sessionFailure: "The `model` is\n\u001B[31mgone." });
    expect(line).toBe(
      "**Failed** after 3 min: `` The `model` is gone. ``. The session told this itself.",
    );
  });

  test("tells no failure in any other state", () => {
    for (const state of ["in_progress", "completed", "cancelled", "idle"] as const) {
      expect(reportOf({ state, sessionFailure: "BOOM" })).not.toContain("BOOM");
    }
  });

  test.each([
    ["2026-11-21T12:00:03.000Z", "less than a minute"],
    ["2026-11-21T12:01:02.999Z", "less than a minute"],
    ["2026-11-21T12:01:03.000Z", "1 min"],
    ["2026-11-21T13:00:02.000Z", "59 min"],
    ["2026-11-21T13:00:03.000Z", "1 h 0 min"],
    ["2026-11-22T13:05:03.000Z", "25 h 5 min"],
    // The clock of the session may be behind.
    ["2026-11-21T11:00:00.000Z", "less than a minute"],
    [null, "less than a minute"],
  ])("seen at %s is %s old", (seenAt, elapsed) => {
    expect(linesOf({ seenAt, state: "completed" })[0]).toBe(`**Completed** after ${elapsed}.`);
  });

  test("whose start is not known is told too", () => {
    expect(reportOf({ sessionStartedAt: null })).not.toContain("NaN");
  });
});

describe("whether the bot still follows", () => {
  const STEER = "Steer it here: `/copilot send 0b4f9bd6 …`";

  test("stands last, with what people can do", () => {
    const last = linesOf().at(-1) ?? "";
    expect(last).toContain(STEER);
    expect(last).toContain("`/copilot stop 0b4f9bd6`");
    expect(last).toContain("`/copilot status 0b4f9bd6`");
  });

  test.each<[unfollowed: Unfollowed, words: string]>([
    ["over", "<sub>`/copilot send 0b4f9bd6 …` writes to it again.</sub>"],
    ["idle", "It was idle for long, so the bot no longer follows it."],
    ["time", "The bot has followed it for as long as it does, and no longer does."],
    ["room", "Others were busier, so the bot no longer follows it."],
    ["unreachable", "The bot cannot reach it any more, and does not know how it goes on."],
  ])("not any more, because of %s", (unfollowed, words) => {
    const last = linesOf({ unfollowed, followUntil: null }).at(-1) ?? "";
    expect(last.startsWith(words)).toBe(true);
    expect(last).not.toContain(STEER);
    expect(last).not.toContain("has to be answered");
    const again = "`/copilot resume 0b4f9bd6` follows it again.";
    expect(last.endsWith(again)).toBe(unfollowed !== "over");
  });

  test.each(["idle", "time", "room", "unreachable"] as const)(
    "not any more (%s), and what it asks is for Mission Control",
    (unfollowed) => {
      const plan = { type: "plan", summary: "x", actions: [] };
      const asking = JSON.stringify([{ code: "a1b2", asking: plan }]);
      const last = linesOf({ unfollowed, asking, followUntil: null }).at(-1) ?? "";
      expect(last).toContain("What it asks has to be answered in Mission Control.");
    },
  );
});

describe("what came of the last order", () => {
  test("is told as it is", () => {
    expect(linesOf({ note: "`hubot` has stopped it." })).toContain("`hubot` has stopped it.");
  });

  test("is left out where there was none", () => {
    expect(linesOf({ note: null })).toHaveLength(3);
  });
});

/** What the line about pull requests names. */
const pullsIn = (...pulls: readonly string[]) => {
  const line = linesOf({ pulls: pulls.join("\n") }).find((one) => one.startsWith("Pull req"));
  return line?.replace("Pull requests: ", "");
};

describe("pull requests", () => {
  test("of the task's own repository are linked", () => {
    expect(pullsIn(`${GITHUB}/octo-org/hello/pull/8`, `${GITHUB}/octo-org/hello/pull/9`)).toBe(
      "[#8](https://github.com/octo-org/hello/pull/8), [#9](https://github.com/octo-org/hello/pull/9)",
    );
  });

  test("are linked as the task names the repository, however it is written", () => {
    const link = "[#8](https://github.com/octo-org/hello/pull/8)";
    expect(pullsIn("HTTPS://GitHub.com/Octo-Org/HELLO/pull/8")).toBe(link);
    expect(pullsIn("http://github.com/octo-org/hello/pull/8")).toBe(link);
  });

  test("are linked on a GitHub Enterprise Server, and only there", () => {
    const origin = "https://ghe.example.com";
    const pulls = `${origin}/octo-org/hello/pull/8\n${GITHUB}/octo-org/hello/pull/8`;
    const lines = progressLines(taskWith({ ...FOLLOWED, pulls }), origin);
    expect(lines.find((line) => line.startsWith("Pull requests"))).toBe(
      "Pull requests: [#8](https://ghe.example.com/octo-org/hello/pull/8), `https://github.com/octo-org/hello/pull/8`",
    );
  });

  test.each([
    `${GITHUB}/octo-org/other/pull/8`,
    `${GITHUB}/other/hello/pull/8`,
    `${GITHUB}/octo-org/hello/pull/8/files`,
    `${GITHUB}/octo-org/hello/pull/8?x=1`,
    `${GITHUB}/octo-org/hello/pull/`,
    `${GITHUB}/octo-org/hello/pull/+8`,
    `${GITHUB}/octo-org/hello/pull/٨`,
    `${GITHUB}/octo-org/hello/issues/8`,
    `${GITHUB}.evil.example/octo-org/hello/pull/8`,
    "https://evil.example/octo-org/hello/pull/8",
    "javascript:alert(1)",
  ])("that are not are named only: %s", (url) => {
    expect(pullsIn(url)).toBe(`\`${url}\``);
    expect(readMarkdown(reportOf({ pulls: url })).links).toEqual([]);
  });

  test("are left out where there are none", () => {
    for (const pulls of [null, "", "\n"]) expect(reportOf({ pulls })).not.toContain("Pull req");
  });
});

/** Each request has a code; that of the first is `a1b2`. */
function askingOf(...requests: readonly Asking[]): string {
  const all = requests.map((asking, index) => ({ code: `a1b${index + 2}`, asking }));
  return reportOf({ state: "waiting_for_user", asking: JSON.stringify(all) });
}

describe("what the agent asks", () => {
  const ANSWER =
    "Answer with `/copilot approve 0b4f9bd6 a1b2` or `/copilot deny 0b4f9bd6 a1b2`, or in Mission Control.";

  test("for permission tells what is known of it", () => {
    const asking = { ...SHELL, intention: "Test it", command: "npm test", branch: "main" };
    expect(askingOf(asking)).toContain(
      [
        "The agent asks for permission (`shell`):",
        "",
        "- intention: `Test it`",
        "- branch: `main`",
        "- command:",
        "",
        "```sh\nnpm test\n```",
        "",
        ANSWER,
      ].join("\n"),
    );
  });

  test("for permission shows all lines of a command, and what cannot be seen in it", () => {
    const command = "# harmless\nrm -rf /\u200B\r\necho ```";
    const report = askingOf({ ...SHELL, command });
    expect(report).toContain("````sh\n# harmless\nrm -rf /\uFFFD\necho ```\n````");
  });

  test("for permission does not offer to approve what is too long to be shown", () => {
    const report = askingOf({ ...SHELL, command: "x".repeat(3_001) });
    expect(report).toContain("too long to be shown here");
    expect(report).not.toContain("xxx");
  });

  test.each(["path", "url", "tool"] as const)("for permission tells the %s", (field) => {
    const report = askingOf({ ...SHELL, kind: "mcp", [field]: "a/b" });
    expect(report).toContain(`- ${field}: \`a/b\`\n`);
    expect(report).not.toMatch(/null|readOnly|managed/u);
  });

  test("for permission leaves out what is empty", () => {
    expect(askingOf({ ...SHELL, intention: "" })).not.toContain("intention");
  });

  test("as a question is shown, with its choices", () => {
    const question = { type: "question", question: "Which?", freeform: true } as const;
    const report = askingOf({ ...question, choices: ["`a`", "b"] });
    expect(report).toContain("The agent asks:\n\n```\nWhich?\n```\n\nChoices: `` `a` ``, `b`\n");
    expect(report).toContain("`/copilot approve 0b4f9bd6 a1b2 <answer>`, or in Mission Control;");
    expect(report).toContain("`/copilot deny 0b4f9bd6 a1b2` declines.");
    expect(askingOf({ ...question, choices: [] })).not.toContain("Choices");
  });

  test("as a plan is shown", () => {
    const report = askingOf({ type: "plan", summary: "1. Do it\n2. Test it", actions: ["x"] });
    const plan = "The agent has a plan:\n\n```\n1. Do it\n2. Test it\n```";
    expect(report).toContain(`${plan}\n\n${ANSWER}`);
  });

  test("first is told first, and alone", () => {
    const report = askingOf(
      { type: "plan", summary: "FIRST", actions: [] },
      { type: "plan", summary: "SECOND", actions: [] },
    );
    expect(report).toContain("FIRST");
    expect(report).not.toContain("SECOND");
    expect(report).not.toContain("a1b3");
  });

  test("is left out where it asks nothing", () => {
    for (const asking of [null, "[]"]) expect(reportOf({ asking })).not.toContain("The agent");
  });
});

describe("the agent's last words", () => {
  test("are shown as they are", () => {
    expect(reportOf({ said: "**Done.**\n\n- `a`" })).toContain(
      "The agent's last words:\n\n```\n**Done.**\n\n- `a`\n```\n",
    );
  });

  test("are cut where they are long", () => {
    const { code } = readMarkdown(reportOf({ said: "x ".repeat(10_000) }));
    expect(code[0]?.length).toBeLessThanOrEqual(1_500);
    expect(code[0]?.endsWith("…")).toBe(true);
  });

  test.each([null, "", " \n\t", "<!-- hidden -->", "\u200B"])("are left out for %j", (said) => {
    expect(linesOf({ said })).toHaveLength(3);
  });
});
