import { describe, expect, test } from "vitest";
import { renderComment } from "../../../src/core/comment/comment.ts";
import { GITHUB_COM, hostsOf } from "../../../src/core/github/hosts.ts";
import type { Asking } from "../../../src/core/task/asking.ts";
import type { SeenProgress, Unfollowed } from "../../../src/core/task/session.ts";
import type { TaskState } from "../../../src/core/task/task.ts";
import { permissionOf } from "../asking.ts";
import { readMarkdown } from "../markdown.ts";
import { LINK, LINKED, over, taskWith } from "../task.ts";

const GITHUB = "https://github.com";
const OPEN = `[Open session](${LINK})`;

/** The session of the task 0b4f9bd6 in octo-org/hello, followed for three minutes. */
const FOLLOWED = over(LINKED, {
  session: {
    startedAt: "2026-11-21T12:00:03.000Z",
    followUntil: "2026-11-21T18:00:00.000Z",
    progress: { seenAt: "2026-11-21T12:03:03.000Z" },
  },
});

/** How it goes. */
interface Changes extends Partial<SeenProgress> {
  readonly state?: TaskState;
  /** Why it isn't followed anymore. */
  readonly unfollowed?: Unfollowed;
}

function commentOf(
  { state = "in_progress", unfollowed, ...progress }: Changes = {},
  hosts = GITHUB_COM,
) {
  const left = unfollowed === undefined ? {} : { unfollowed, followUntil: null };
  const task = taskWith(FOLLOWED, { state, session: { ...left, progress } });
  return renderComment(task, hosts);
}

/** The heading, and the paragraphs above what is folded. */
function partsOf(changes: Changes = {}, hosts = GITHUB_COM): string[] {
  const [top = ""] = commentOf(changes, hosts).split("\n\n<details>");
  return top.split("\n").slice(1).join("\n").split("\n\n");
}

describe("the state of a session", () => {
  test.each<[state: TaskState, heading: string, time: string]>([
    ["in_progress", "🔄 Copilot is working", "**Running for 3 min** · "],
    ["waiting_for_user", "✋ Copilot is waiting for an answer", "Started 3 min ago · "],
    ["idle", "💤 Copilot is idle", "Ran for 3 min · "],
    ["completed", "✅ Copilot finished", "Ran for 3 min · "],
    ["cancelled", "⏹️ Copilot was stopped", "Ran for 3 min · "],
    // What a late start leaves behind: the session that is there after all is at it.
    ["timed_out", "🔄 Copilot is working", "**Running for 3 min** · "],
    ["queued", "🔄 Copilot is working", "**Running for 3 min** · "],
  ])("%s stands first", (state, heading, time) => {
    expect(partsOf({ state }).slice(0, 2)).toEqual([`### ${heading}: triage`, `${time}${OPEN}`]);
  });

  test("that isn't followed is the one that was seen last", () => {
    const left = { unfollowed: "time" } as const;
    expect(partsOf({ ...left, state: "in_progress" }).slice(0, 2)).toEqual([
      "### 🔄 Copilot was working: triage",
      `Last seen after 3 min · ${OPEN}`,
    ]);
    expect(partsOf({ ...left, state: "waiting_for_user" }).slice(0, 2)).toEqual([
      "### ✋ Copilot was waiting for an answer: triage",
      `Last seen after 3 min · ${OPEN}`,
    ]);
    expect(partsOf({ ...left, state: "idle" })[0]).toBe("### 💤 Copilot was idle: triage");
    expect(partsOf({ ...left, state: "completed" })[1]).toBe(`Ran for 3 min · ${OPEN}`);
  });

  test("failed says why, in the session's own words", () => {
    const failure = "The `model` is\n\u001B[31mgone.";
    expect(partsOf({ state: "failed", failure }).slice(0, 2)).toEqual([
      "### ❌ Copilot's session failed: triage",
      "> [!WARNING]\n> **The session reported an error:** `` The `model` is gone. ``",
    ]);
    expect(partsOf({ state: "failed" })[1]).toBe(
      "> [!WARNING]\n> **The session reported an error.**",
    );
  });

  test("shows no failure in any other state", () => {
    for (const state of ["in_progress", "completed", "cancelled", "idle"] as const) {
      expect(commentOf({ state, failure: "BOOM" })).not.toContain("BOOM");
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
    expect(partsOf({ seenAt, state: "completed" })[1]).toBe(`Ran for ${elapsed} · ${OPEN}`);
  });

  test("whose start isn't known is shown too", () => {
    const task = taskWith(FOLLOWED, { session: { startedAt: null } });
    expect(renderComment(task, GITHUB_COM)).not.toContain("NaN");
  });
});

describe("what people can do", () => {
  const COMMANDS =
    "- Commands: `/copilot send 0b4f9bd6 …`, `/copilot stop 0b4f9bd6`, `/copilot status 0b4f9bd6`\n";

  test("while the bot follows stands in the details", () => {
    expect(commentOf()).toContain(COMMANDS);
    expect(partsOf()).toHaveLength(2);
  });

  test.each<[unfollowed: Unfollowed, state: TaskState, sentence: string]>([
    ["over", "completed", "To ask for more, comment `/copilot send 0b4f9bd6 …`."],
    [
      "over",
      "failed",
      "To continue this session, comment `/copilot send 0b4f9bd6 …`. To start over, comment `/copilot retry 0b4f9bd6`, or remove and re-add the label.",
    ],
    [
      "idle",
      "idle",
      "To continue, comment `/copilot send 0b4f9bd6 …`. This comment isn't updated until then.",
    ],
    [
      "time",
      "in_progress",
      "This comment isn't updated anymore because the time limit for updates was reached. To update it again, comment `/copilot resume 0b4f9bd6`.",
    ],
    [
      "room",
      "idle",
      "This comment isn't updated anymore because the bot follows too many other sessions. To update it again, comment `/copilot resume 0b4f9bd6`.",
    ],
    [
      "unreachable",
      "in_progress",
      "This comment isn't updated anymore because the bot lost contact with the session. To update it again, comment `/copilot resume 0b4f9bd6`.",
    ],
  ])("once it doesn't, because of %s (%s), stands last", (unfollowed, state, sentence) => {
    const changes = { unfollowed, state };
    expect(partsOf(changes).at(-1)).toBe(sentence);
    expect(commentOf(changes)).not.toContain(COMMANDS);
  });

  test("with an idle session that is followed is to continue it", () => {
    expect(partsOf({ state: "idle" }).at(-1)).toBe(
      "To continue, comment `/copilot send 0b4f9bd6 …`.",
    );
  });

  test.each(["time", "room", "unreachable"] as const)(
    "once it doesn't (%s), is to answer in Mission Control",
    (unfollowed) => {
      const plan = { type: "plan", summary: "x", actions: [] } as const;
      const asking = [{ code: "a1b2", asking: plan }];
      const comment = commentOf({ unfollowed, asking, state: "waiting_for_user" });
      expect(comment).toContain(
        `If Copilot is still waiting, answer [in Mission Control](${LINK}).`,
      );
      expect(comment).not.toContain("/copilot approve");
    },
  );
});

test("the outcome of the last command is below the link", () => {
  expect(partsOf({ note: "Stopped by `hubot`." })[2]).toBe("Stopped by `hubot`.");
});

/** The pull requests in the line with the link. */
const pullsIn = (...pulls: readonly string[]) => {
  const line = partsOf({ pulls })[1] ?? "";
  return /^\*\*Pull requests?:\*\* (?<pulls>.*) · \*\*Running/u.exec(line)?.groups?.["pulls"];
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
    const server = hostsOf({ GHE_HOST: "ghe.example.com", GHE_PROTOCOL: "https" });
    const pulls = [server.web, GITHUB].map((origin) => `${origin}/octo-org/hello/pull/8`);
    expect(partsOf({ pulls }, server)[1]).toContain(
      "**Pull requests:** [#8](https://ghe.example.com/octo-org/hello/pull/8), `https://github.com/octo-org/hello/pull/8` · ",
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
  });

  test("are left out where there are none", () => {
    expect(commentOf({ pulls: [] })).not.toContain("Pull req");
  });
});

/** Each request has a code; that of the first is `a1b2`. */
function askingOf(...requests: readonly Asking[]): string {
  const all = requests.map((asking, index) => ({ code: `a1b${index + 2}`, asking }));
  return commentOf({ state: "waiting_for_user", asking: all });
}

describe("what the agent asks", () => {
  const REPLY = `Reply with **\`/copilot approve 0b4f9bd6 a1b2\`** or **\`/copilot deny 0b4f9bd6 a1b2\`**, or decide [in Mission Control](${LINK}).`;

  test("for permission shows what is known of it", () => {
    const asking = permissionOf({
      kind: "shell",
      fullCommandText: "npm test",
      intention: "Test it",
    });
    expect(askingOf(asking)).toContain(
      [
        "### ✋ Copilot needs your approval: triage",
        "",
        "> [!IMPORTANT]\n> Copilot wants to run this command:",
        "",
        "`npm test`",
        "",
        "- Copilot's reason: `Test it`",
        "",
        REPLY,
        "",
        `Started 3 min ago · ${OPEN}`,
      ].join("\n"),
    );
  });

  test("as a question is shown, with its choices", () => {
    const question = { type: "question", question: "Which?", freeform: true } as const;
    const comment = askingOf({ ...question, choices: ["`a`", "b"] });
    expect(comment).toContain("> Copilot asks:\n\n`Which?`\n\nChoices: `` `a` ``, `b`\n");
    expect(comment).toContain(
      `Reply with **\`/copilot approve 0b4f9bd6 a1b2 <answer>\`**, or **\`/copilot deny 0b4f9bd6 a1b2\`** to decline, or answer [in Mission Control](${LINK}).`,
    );
    expect(askingOf({ ...question, choices: [] })).not.toContain("Choices");
    const lines = askingOf({ ...question, choices: ["one\ntwo", "b"] });
    expect(lines).toContain("\n\n- choice: `b`\n- choice:\n\n```\none\ntwo\n```\n");
  });

  test("as a plan is shown", () => {
    const comment = askingOf({ type: "plan", summary: "1. Do it\n2. Test it", actions: ["x"] });
    expect(comment).toContain(
      `> Copilot wants to follow this plan:\n\n\`\`\`\n1. Do it\n2. Test it\n\`\`\`\n\nThen it continues as \`x\`.\n\n${REPLY}`,
    );
  });

  test("first is shown first, and alone", () => {
    const comment = askingOf(
      { type: "plan", summary: "FIRST", actions: [] },
      { type: "plan", summary: "SECOND", actions: [] },
    );
    expect(comment).toContain("FIRST");
    expect(comment).not.toContain("SECOND");
    expect(comment).not.toContain("a1b3");
  });

  test("is left out where it asks nothing", () => {
    expect(commentOf({ asking: [] })).not.toContain("IMPORTANT");
  });
});

describe("the agent's own words", () => {
  test("are shown as they are formatted, in a quote", () => {
    expect(partsOf({ unfollowed: "over", state: "completed", said: "**Done.**\n\n- `a`" })).toEqual(
      [
        "### ✅ Copilot finished: triage",
        `Ran for 3 min · ${OPEN}`,
        "> **Done.**\n>\n> - `a`",
        "To ask for more, comment `/copilot send 0b4f9bd6 …`.",
      ],
    );
  });

  test("are cut where they are long, and more of an answer is shown", () => {
    const said = "word ".repeat(10_000);
    const lengthOf = (state: TaskState) =>
      commentOf({ state, said })
        .split("\n")
        .find((line) => line.startsWith("> word"))?.length;
    expect(lengthOf("in_progress")).toBe(1_502);
    expect(lengthOf("completed")).toBe(6_002);
    expect(partsOf({ state: "in_progress", said }).at(-1)).toBe("_The session has the rest._");
  });

  test("lead to files on the same GitHub alone", () => {
    const file = `${GITHUB}/octo-org/hello/blob/main/a.ts#L4`;
    const said = `[a](${file}) [b](https://evil.example) [c](${GITHUB}/octo-org/hello/issues/1) [d](${GITHUB}/login/oauth/authorize) ${GITHUB}.evil.example/x`;
    const { links } = readMarkdown(commentOf({ said }));
    expect(links.slice(1, -2)).toEqual([file]);
  });

  test.each([
    "releases/download/v1/setup.exe",
    "releases/latest/download/setup.exe",
    "actions/runs/1/artifacts/2",
    "blob/main/a.html?raw=true",
    "raw/main/a.html",
    "archive/main.zip",
  ])("lead to no download, e.g. %s", (path) => {
    const said = `[Open session](${GITHUB}/octo-org/hello/${path})`;
    expect(readMarkdown(commentOf({ said })).links.slice(1, -2)).toEqual([]);
  });

  test("lead to pages of releases and runs", () => {
    const pages = ["releases", "releases/tag/v1", "actions/runs/1", "wiki/Home"].map(
      (path) => `${GITHUB}/octo-org/hello/${path}`,
    );
    const said = pages.map((page) => `[a](${page})`).join(" ");
    expect(readMarkdown(commentOf({ said })).links.slice(1, -2)).toEqual(pages);
  });

  test.each([null, "", " \n\t", "\u200B"])("are left out for %j", (said) => {
    expect(partsOf({ said })).toHaveLength(2);
  });
});
