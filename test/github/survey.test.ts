import { describe, expect, test } from "vitest";
import type { Survey } from "../../src/core/access/survey.ts";
import { taskWith } from "../core/task.ts";
import { permission } from "./answers.ts";
import type { Source } from "./graphql.ts";
import { GRAPHQL, useGitHub } from "./prepared.ts";
import {
  answer,
  comment,
  FEATURE,
  file,
  issue,
  MAIN,
  ONCE,
  pull,
  repository,
  target,
  user,
  thread,
} from "./survey-answers.ts";

const github = useGitHub();

const PERMISSION = "GET /repos/octo-org/hello/collaborators/octocat/permission";
const OCTOCAT = { login: "octocat", id: 583_231 };
const BLOB = "30d74d258442c7c65512eafab474568dd706c430";

async function surveyOf(source: Source): Promise<Survey> {
  const connection = await github.connectInstalled();
  github.answers(PERMISSION, permission("write", OCTOCAT));
  github.returns(source);
  return connection.survey(taskWith());
}

async function subjectOf(subject: Source) {
  return (await surveyOf(answer({ subject }))).subject;
}

async function pullOf(changes: Source) {
  return (await subjectOf(pull(changes))).pull;
}

describe("a survey", () => {
  test("of an issue", async () => {
    const comments = thread([comment("Me too", user("monalisa", 1))]);

    expect(await surveyOf(answer({ subject: issue({ comments }) }))).toEqual({
      role: "write",
      archived: false,
      defaultBranch: { branch: "main", commit: MAIN },
      subject: {
        title: "It crashes",
        body: "When I press <kbd>F1</kbd>.",
        bodyHtml: "<p>When I press <kbd>F1</kbd>.</p>",
        author: { id: 480_938, login: "hubot" },
        state: "open",
        locked: false,
        comments: [
          { author: { id: 1, login: "monalisa" }, body: "Me too", bodyHtml: "<p>Me too</p>" },
        ],
        hiddenComments: 0,
        missing: [],
        pull: null,
      },
      command: null,
      policy: { repository: { commit: MAIN, file: null }, organization: null },
    });
  });

  test("of a pull request", async () => {
    const nodes = [
      { path: "src/main.ts", changeType: "MODIFIED", additions: 3, deletions: 1 },
      { path: "old name.ts", changeType: "DELETED", additions: 0, deletions: 40 },
    ];

    expect(await subjectOf(pull({ files: { totalCount: 2, nodes } }))).toMatchObject({
      state: "open",
      pull: {
        head: { branch: "feature", commit: FEATURE },
        fromFork: false,
        base: { branch: "main", commit: MAIN },
        files: ["modified src/main.ts (+3 -1)", "deleted old name.ts (+0 -40)"],
        allFiles: true,
      },
    });
  });

  test("queries the task's subject, in two requests after the one for a token", async () => {
    await surveyOf(answer());

    expect(github.received.slice(1)).toMatchObject([
      { method: "GET", path: "/repos/octo-org/hello/collaborators/octocat/permission" },
      { path: "/graphql", body: { variables: { owner: "octo-org", name: "hello", number: 7 } } },
    ]);
  });

  test("doesn't wait for one answer before it sends the other query", async () => {
    const connection = await github.connectInstalled();
    const once = () => github.received.length === 3;
    github.answers(PERMISSION, permission("write", OCTOCAT), { once });
    github.returns(answer(), { once });

    expect(await connection.survey(taskWith())).toMatchObject({ role: "write" });
  });
});

describe("the state", () => {
  test.each([
    ["open", issue()],
    ["closed", issue({ closed: true })],
    ["open", pull()],
    ["closed", pull({ closed: true })],
    ["merged", pull({ closed: true, merged: true })],
  ])("%s", async (state, subject) => {
    expect(await subjectOf(subject)).toMatchObject({ state });
  });

  test("a locked conversation", async () => {
    expect(await subjectOf(issue({ locked: true }))).toMatchObject({ locked: true });
  });

  test("an archived repository", async () => {
    expect(await surveyOf(answer({ isArchived: true }))).toMatchObject({ archived: true });
  });

  test("a repository without a commit", async () => {
    expect(await surveyOf(answer({ defaultBranchRef: null }))).toMatchObject({
      defaultBranch: null,
      policy: { repository: { commit: null, file: null } },
    });
  });

  test("a default branch that names nothing", async () => {
    const defaultBranchRef = { name: "main", target: null };
    expect(await surveyOf(answer({ defaultBranchRef }))).toMatchObject({
      defaultBranch: null,
      policy: { repository: { commit: null } },
    });
  });
});

describe("the policy file", () => {
  test.each([
    ["with text", file(BLOB, "triggers: {}\n"), { blob: BLOB, text: "triggers: {}\n" }],
    ["that is empty", file(BLOB, ""), { blob: BLOB, text: "" }],
    ["that is binary", file(BLOB, null), { blob: BLOB, text: null }],
    ["that is a directory", { __typename: "Tree", oid: BLOB }, { blob: BLOB, text: null }],
    ["that is a submodule", target(BLOB), { blob: BLOB, text: null }],
    ["that is not there", null, null],
  ])("%s", async (_which, policy, expected) => {
    const { repository: own } = (await surveyOf(answer({ policy }))).policy;
    expect(own).toEqual({ commit: MAIN, file: expected });
  });

  test("of the organization", async () => {
    const { subject: _none, ...defaults } = repository({
      defaultBranchRef: { name: "trunk", target: target(ONCE) },
      policy: file(BLOB, "triggers: {}\n"),
    });
    expect((await surveyOf(answer({}, defaults))).policy).toEqual({
      repository: { commit: MAIN, file: null },
      organization: { commit: ONCE, file: { blob: BLOB, text: "triggers: {}\n" } },
    });
  });

  test("of an organization whose `.github` is empty", async () => {
    const defaults = repository({ defaultBranchRef: null });
    expect((await surveyOf(answer({}, defaults))).policy.organization).toEqual({
      commit: null,
      file: null,
    });
  });
});

describe("an author", () => {
  test.each([
    ["a person", user("hubot", 480_938), { id: 480_938, login: "hubot" }],
    ["whose account was deleted", null, { id: null, login: "ghost" }],
    ["an App", { __typename: "Bot", login: "dependabot" }, { id: null, login: "dependabot" }],
    [
      "a person without an id",
      { ...user("hubot", 0), databaseId: null },
      { id: null, login: "hubot" },
    ],
  ])("%s", async (_who, author, expected) => {
    const comments = thread([comment("Me too", author)]);
    const subject = await subjectOf(issue({ author, comments }));

    expect(subject.author).toEqual(expected);
    expect(subject.comments).toEqual([
      { author: expected, body: "Me too", bodyHtml: "<p>Me too</p>" },
    ]);
  });
});

/** The comments from one to another, numbered by their text. */
function numbered(from: number, to: number): Source[] {
  return Array.from({ length: to - from + 1 }, (_, index) => comment(`comment ${from + index}`));
}

function minimized(of: Source): Source {
  return { ...of, isMinimized: true };
}

/** By the account that asks. */
function byTheApp(body: string): Source {
  const bot = { __typename: "Bot", login: "copilot-task-bot" };
  return comment(body, bot, false, true);
}

describe("of the comments are returned", () => {
  const own = byTheApp("<!-- copilot-task:1 -->\n### 🚀 Copilot started");
  const notice = byTheApp("<!-- copilot-notice:1: -->\n@octocat, Copilot has a question");
  const hidden = minimized(comment("Buy my pills"));
  const quoted = comment("> <!-- copilot-task:1 -->\n\nWhat is this?");
  const forged = comment("<!-- copilot-task:1 -->\nNobody reads this.");

  test.each([
    ["the last ten", numbered(4, 23), numbered(14, 23)],
    [
      "none of the bot's, for which others move up",
      [...numbered(1, 11), own, notice, byTheApp("Hello")],
      numbered(2, 11),
    ],
    ["those that quote the bot", [own, quoted], [quoted]],
    ["those that begin like the bot's", [own, forged], [forged]],
    ["none that the App may not see", [null, ...numbered(2, 2)], numbered(2, 2)],
    ["none where the App may see none", null, []],
    [
      "none that is hidden, for which others move up",
      [...numbered(1, 11), hidden],
      numbered(2, 11),
    ],
    ["not even a hidden one of the bot's", [hidden, minimized(own)], []],
  ])("%s", async (_which, nodes, expected) => {
    const subject = await subjectOf(issue({ comments: thread(nodes) }));
    expect(subject.comments.map(({ body }) => body)).toEqual(expected.map(({ body }) => body));
  });
});

test.each([
  ["none", numbered(1, 2), 0],
  [
    "those of others",
    [comment("Spam 1", null, true), comment("Not"), comment("Spam 2", null, true)],
    2,
  ],
  ["not the bot's own", [minimized(byTheApp("<!-- copilot-task:1 -->"))], 0],
  ["those that begin like the bot's", [comment("<!-- copilot-task:1 -->", null, true)], 1],
])("of the hidden comments are counted %s", async (_which, nodes, hiddenComments) => {
  expect(await subjectOf(issue({ comments: thread(nodes) }))).toMatchObject({ hiddenComments });
});

describe("of a pull request", () => {
  test.each([
    ["from a fork", { isCrossRepository: true }, true],
    ["from a fork that was deleted", { isCrossRepository: true, headRepository: null }, true],
    ["from a repository that was deleted", { headRepository: null }, true],
    ["from a branch of its own repository", {}, false],
  ])("%s", async (_which, changes, fromFork) => {
    expect(await pullOf(changes)).toMatchObject({ fromFork });
  });

  test.each([
    ["the head of its base now", {}, MAIN],
    ["the last one of a base that was deleted", { baseRef: null }, ONCE],
    ["the last one of a base that names nothing", { baseRef: { target: null } }, ONCE],
  ])("%s", async (_which, changes, commit) => {
    expect(await pullOf(changes)).toMatchObject({ base: { branch: "main", commit } });
  });

  const changed = { path: "a.ts", changeType: "ADDED", additions: 1, deletions: 0 };
  test.each([
    ["100 files: all of them", 100, true],
    ["101 files: the first 100", 101, false],
  ])("%s", async (_which, totalCount, allFiles) => {
    const nodes = Array.from({ length: 100 }, () => changed);
    const changes = await pullOf({ files: { totalCount, nodes } });
    expect(changes).toMatchObject({ allFiles });
    expect(changes?.files).toHaveLength(100);
  });

  test.each([
    ["no files that GitHub doesn't return", null, []],
    ["no file that the App may not see", { totalCount: 2, nodes: [null, changed] }, 1],
    ["no files that the App may not see", { totalCount: 2, nodes: null }, []],
  ])("%s", async (_which, files, expected) => {
    const lines = (await pullOf({ files }))?.files;
    expect(lines).toEqual(expected === 1 ? ["added a.ts (+1 -0)"] : expected);
  });
});

test("a connection that breaks once: the query is sent again", async () => {
  const connection = await github.connectInstalled();
  github.answers(PERMISSION, permission("write", OCTOCAT));
  github.breaks(GRAPHQL);
  github.returns(answer());

  expect(await connection.survey(taskWith())).toMatchObject({ role: "write" });
});
