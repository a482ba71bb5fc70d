import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { Survey } from "../../src/core/access/survey.ts";
import type { GitHubConnection } from "../../src/github/connection.ts";
import { taskWith } from "../core/task.ts";
import { permission } from "./answers.ts";
import { refusal } from "./graphql.ts";
import { GRAPHQL, useGitHub } from "./prepared.ts";
import { answer, comment, issue, pull, thread } from "./survey-answers.ts";

const github = useGitHub();

/** GitHub's responses to a query that is too large. */
const TOO_LARGE = {
  "502": () => github.refuses(GRAPHQL, 502, { message: "Server Error" }),
  "504": () => github.refuses(GRAPHQL, 504, { message: "Gateway Timeout" }),
  "a broken connection": () => github.breaks(GRAPHQL),
  "an answer that is cut off": () => github.cutsOff(GRAPHQL),
  "200, something went wrong": () =>
    github.returns(
      refusal(
        "Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug. Please include `0400:2B` when reporting this issue.",
      ),
    ),
} as const;

/** Responses that leave no doubt: the same query isn't sent again. */
const CERTAINLY = {
  "200, a resource limit": () =>
    github.returns(refusal("Resource limits for this query exceeded.", "RESOURCE_LIMITS_EXCEEDED")),
  "200, a node limit": () =>
    github.returns(refusal("This query requests up to 1,000,000 nodes", "MAX_NODE_LIMIT_EXCEEDED")),
  "200, partial data with a limit": () =>
    github.returns(
      answer({
        subject: pull({
          files: refusal("Resource limits for this query exceeded.", "RESOURCE_LIMITS_EXCEEDED"),
        }),
      }),
    ),
} as const;

async function surveyOf(subjectType: "issue" | "pull_request"): Promise<Survey> {
  return surveyAt(await github.connectInstalled(), 7, subjectType);
}

async function surveyAt(
  connection: GitHubConnection,
  number: number,
  type: "issue" | "pull_request" = "pull_request",
): Promise<Survey> {
  const octocat = { login: "octocat", id: 583_231 };
  github.answers(
    "GET /repos/octo-org/hello/collaborators/octocat/permission",
    permission("write", octocat),
  );
  return connection.survey(taskWith({ subject: { type, number } }));
}

const querySchema = z.object({ variables: z.record(z.string(), z.unknown()) });

/** How much each query asked for. */
function scopes(): unknown[] {
  return github.received
    .filter(({ path }) => path === "/graphql")
    .map(({ body }) => {
      const { variables } = querySchema.parse(body);
      const { files, html, comments, thread: asked } = variables;
      const count = asked === true ? String(comments) : "no";
      return `${files === true ? "files, " : ""}${html === true ? "HTML, " : ""}${count} comments`;
    });
}

const comments = thread([comment("Me too")], 30);

describe("a pull request that is too large for one query is queried without its files", () => {
  test.each(Object.entries(TOO_LARGE))("after the second %s", async (_how, fail) => {
    fail();
    fail();
    github.returns(answer({ subject: pull({ comments }) }));

    const { subject } = await surveyOf("pull_request");

    expect(subject).toMatchObject({ missing: ["files"], comments: [{ body: "Me too" }] });
    expect(scopes()).toEqual([
      "files, HTML, 20 comments",
      "files, HTML, 20 comments",
      "HTML, 20 comments",
    ]);
  });

  test.each(Object.entries(CERTAINLY))("after %s", async (_how, fail) => {
    fail();
    github.returns(answer({ subject: pull({ comments }) }));

    expect((await surveyOf("pull_request")).subject).toMatchObject({ missing: ["files"] });
    expect(scopes()).toEqual(["files, HTML, 20 comments", "HTML, 20 comments"]);
  });

  test("and as it was written, where GitHub fails to render it", async () => {
    for (let time = 0; time < 3; time += 1) TOO_LARGE["502"]();
    github.returns(answer({ subject: pull({ comments }) }));

    const { subject } = await surveyOf("pull_request");

    expect(subject).toMatchObject({ missing: ["files"], bodyHtml: null });
    expect(subject.comments).toEqual([expect.objectContaining({ bodyHtml: null })]);
    expect(scopes().at(-1)).toBe("20 comments");
  });

  test("and with fewer comments, where that isn't enough", async () => {
    for (let time = 0; time < 4; time += 1) TOO_LARGE["502"]();
    github.returns(answer({ subject: pull({ comments }) }));

    const { subject } = await surveyOf("pull_request");

    expect(subject).toMatchObject({ missing: ["files", "older_comments"] });
    expect(scopes().at(-1)).toBe("5 comments");
  });

  test("and without comments, where that isn't enough either", async () => {
    for (let time = 0; time < 5; time += 1) TOO_LARGE["502"]();
    github.returns(answer({ subject: pull({ comments }) }));

    const { subject } = await surveyOf("pull_request");

    expect(subject).toMatchObject({ missing: ["files", "comments"], comments: [] });
    expect(scopes().at(-1)).toBe("no comments");
  });
});

describe("an issue whose comments are too much for one query", () => {
  test("is queried as it was written, then with fewer", async () => {
    for (let time = 0; time < 3; time += 1) TOO_LARGE["502"]();
    github.returns(answer({ subject: issue({ comments }) }));

    const { subject } = await surveyOf("issue");

    expect(subject).toMatchObject({ missing: ["older_comments"], comments: [{ body: "Me too" }] });
    expect(scopes()).toEqual([
      "files, HTML, 20 comments",
      "files, HTML, 20 comments",
      "20 comments",
      "5 comments",
    ]);
  });

  test("misses none where all of them are few", async () => {
    for (let time = 0; time < 3; time += 1) TOO_LARGE["502"]();
    github.returns(answer({ subject: issue({ comments: thread([comment("Me too")]) }) }));

    expect((await surveyOf("issue")).subject).toMatchObject({ missing: [] });
  });
});

const small = () => github.returns(answer({ subject: pull({ comments }) }));

/** After its files had to be left out. */
async function reduced(): Promise<GitHubConnection> {
  const connection = await github.connectInstalled();
  TOO_LARGE["502"]();
  TOO_LARGE["502"]();
  small();
  await surveyAt(connection, 7);
  return connection;
}

describe("a pull request that was too large", () => {
  test("is queried for as much as GitHub could answer, the next time too", async () => {
    const connection = await reduced();
    small();

    expect((await surveyAt(connection, 7)).subject).toMatchObject({ missing: ["files"] });
    expect(scopes().slice(3)).toEqual(["HTML, 20 comments"]);
  });

  test("is queried for less, where even that has become too much", async () => {
    const connection = await reduced();
    TOO_LARGE["502"]();
    TOO_LARGE["502"]();
    small();
    await surveyAt(connection, 7);
    small();
    await surveyAt(connection, 7);

    expect(scopes().slice(3)).toEqual([
      "HTML, 20 comments",
      "HTML, 20 comments",
      "20 comments",
      "20 comments",
    ]);
  });

  test("is queried whole after a while, though it was queried in between", async () => {
    const connection = await reduced();
    vi.setSystemTime(Date.now() + 600_000);
    small();
    await surveyAt(connection, 7);
    vi.setSystemTime(Date.now() + 600_000);
    small();
    await surveyAt(connection, 7);

    expect(scopes().slice(3)).toEqual(["HTML, 20 comments", "files, HTML, 20 comments"]);
  });

  test("takes nothing from another one", async () => {
    const connection = await reduced();
    github.returns(answer({ subject: pull({ number: 8, comments }) }));

    expect((await surveyAt(connection, 8)).subject).toMatchObject({ missing: [] });
  });
});

test("after a failure that has nothing to do with size, the same query is sent once more", async () => {
  TOO_LARGE["502"]();
  github.returns(answer({ subject: pull({ comments }) }));

  expect((await surveyOf("pull_request")).subject).toMatchObject({ missing: [] });
});

test("an error in another part of the answer doesn't make the query smaller", async () => {
  github.returns(answer({ policy: refusal("Odd") }));

  await expect(surveyOf("pull_request")).rejects.toMatchObject({ status: 502 });
  expect(scopes()).toHaveLength(1);
});

test("files that GitHub doesn't list are missing", async () => {
  github.returns(answer({ subject: pull({ files: null }) }));

  expect((await surveyOf("pull_request")).subject).toMatchObject({ missing: ["files"] });
});
