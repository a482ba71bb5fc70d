import { describe, expect, test } from "vitest";
import type { GitHubConnection } from "../../src/github/connection.ts";
import { taskWith } from "../core/task.ts";
import { installationToken, permission } from "./answers.ts";
import { refusal } from "./graphql.ts";
import { GRAPHQL, useGitHub } from "./prepared.ts";
import { answer, issue, notFound, repository } from "./survey-answers.ts";

const github = useGitHub();

const PERMISSION = "GET /repos/octo-org/hello/collaborators/octocat/permission";
const TOKEN = "POST /app/installations/31/access_tokens";
const writer = permission("write", { login: "octocat", id: 583_231 });

async function troubleOf(connection: GitHubConnection, installationId = 31): Promise<unknown> {
  const task = taskWith({ place: { installationId } });
  const error: unknown = await connection.survey(task).catch((rejected: unknown) => rejected);
  return connection.troubleOf(error);
}

/** The trouble of a query that gets these answers, one after the other. */
async function troubleWith(...sources: Parameters<typeof github.returns>[0][]): Promise<unknown> {
  const connection = await github.connectInstalled();
  github.answers(PERMISSION, writer);
  for (const source of sources) github.returns(source);
  return troubleOf(connection);
}

describe("errors of a survey in GraphQL:", () => {
  const refused = refusal("Resource not accessible by integration", "FORBIDDEN");
  const odd = refusal("A query of this kind is not served today");

  test.each([
    [
      "no such repository",
      { ...answer(), repository: notFound("a Repository with the name 'octo-org/hello'") },
      "gone",
    ],
    [
      "no such subject",
      answer({ subject: notFound("an issue or pull request with the number of 7") }),
      "gone",
    ],
    ["nothing in the place of the repository", { ...answer(), repository: null }, "gone"],
    ["nothing in the place of the subject", answer({ subject: null }), "gone"],
    ["a repository that it may not see", { ...answer(), repository: refused }, "not_permitted"],
    [
      "a part of the subject that it may not see",
      answer({ subject: issue({ comments: refused }) }),
      "not_permitted",
    ],
    [
      "defaults that it may not see",
      { repository: repository(), defaults: refused },
      "not_permitted",
    ],
    ["an error without a type", answer({ policy: odd }), "unreachable"],
    ["an error of the defaults", { repository: repository(), defaults: odd }, "unreachable"],
  ])("%s", async (_what, source, type) => {
    expect(await troubleWith(source)).toMatchObject({ type });
  });

  test("an error and nothing else, whatever is left out of the query", async () => {
    expect(await troubleWith(odd, odd, odd, odd)).toMatchObject({ type: "unreachable" });
  });

  test("GitHub's message is kept", async () => {
    expect(await troubleWith(answer({ policy: odd }))).toMatchObject({ message: odd.message });
  });

  // Asked twice for all, then without HTML, then for fewer comments, then for none.
  test("something that went wrong at GitHub", async () => {
    const wrong = refusal(
      "Something went wrong while executing your query. Please include `0400`.",
    );

    expect(await troubleWith(wrong, wrong, wrong, wrong, wrong)).toMatchObject({
      type: "unreachable",
    });
  });

  test("something that went wrong at GitHub once", async () => {
    const wrong = refusal(
      "Something went wrong while executing your query. Please include `0400`.",
    );

    expect(await troubleWith(wrong, answer())).toBeNull();
  });
});

describe("a limit of GraphQL,", () => {
  const primary = "API rate limit exceeded for installation ID 31.";
  const secondary = "You have exceeded a secondary rate limit. Please wait a few minutes.";

  // Octokit's throttling knows the one type and has an error of its own for it.
  test.each([
    ["by its type of old", true, refusal(primary, "RATE_LIMITED")],
    ["by its type of today", true, refusal(primary, "RATE_LIMIT")],
    ["by its message", true, refusal(secondary)],
    ["by its type of old, on a GitHub without a pace", false, refusal(primary, "RATE_LIMITED")],
    ["by its type of today, on a GitHub without a pace", false, refusal(primary, "RATE_LIMIT")],
  ])("recognized %s, is waited for as long as GitHub says", async (_how, throttled, source) => {
    const connection = await github.connect({ throttled });
    github.answers(TOKEN, installationToken("ghs_of_31"));
    github.answers(PERMISSION, writer);
    const reset = String(Math.ceil(Date.now() / 1000) + 3_600);
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
    github.returns(source, { headers });

    const trouble = await troubleOf(connection);
    expect(trouble).toEqual({
      type: "unreachable",
      message: expect.stringMatching(/rate limit/iu),
      retryAfterSeconds: expect.closeTo(3_600, -3),
    });
  });

  test("without a duration, is waited for a minute", async () => {
    expect(await troubleWith(refusal(primary, "RATE_LIMITED"))).toEqual({
      type: "unreachable",
      message: primary,
      retryAfterSeconds: 60,
    });
  });

  test("reported by HTTP, is waited for as long as GitHub says", async () => {
    const connection = await github.connectInstalled();
    github.answers(PERMISSION, writer);
    github.refuses(GRAPHQL, 403, { message: secondary, headers: { "retry-after": "17" } });

    expect(await troubleOf(connection)).toMatchObject({
      type: "unreachable",
      retryAfterSeconds: 17,
    });
  });
});

test("a connection that breaks before an answer, at GitHub's pace", async () => {
  const connection = await github.connect({ throttled: true });
  github.answers(TOKEN, installationToken("ghs_of_31"));
  github.answers(PERMISSION, writer);
  // The same: twice for all, then for less and less.
  for (let time = 0; time < 5; time++) github.breaks(GRAPHQL);

  expect(await troubleOf(connection)).toMatchObject({ type: "unreachable" });
});

test("an installation that was suspended", async () => {
  const connection = await github.connect();
  github.refuses(TOKEN, 403, { message: "This installation has been suspended" });

  expect(await troubleOf(connection)).toMatchObject({ type: "suspended" });
});

test("an installation that is gone", async () => {
  const connection = await github.connect();
  github.refuses(TOKEN, 404);

  expect(await troubleOf(connection)).toMatchObject({ type: "gone" });
});
