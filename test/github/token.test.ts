import { expect, test, vi } from "vitest";
import type { GitHubConnection } from "../../src/github/connection.ts";
import { taskWith } from "../core/task.ts";
import { createdComment, installationToken, permission, reaction } from "./answers.ts";
import type { Expected } from "./prepared.ts";
import { GRAPHQL, useGitHub } from "./prepared.ts";
import { file, MAIN } from "./survey-answers.ts";

const github = useGitHub();

const TOKEN = "POST /app/installations/31/access_tokens";
const REACTIONS = "POST /repos/octo-org/hello/issues/7/reactions";
const COMMENTS = "POST /repos/octo-org/hello/issues/7/comments";
const PERMISSION = "GET /repos/octo-org/hello/collaborators/octocat/permission";
const OCTOCAT = { login: "octocat", id: 583_231 };
const BAD_CREDENTIALS = { message: "Bad credentials" };

/** A connection whose token is some minutes old, as those are that GitHub no longer takes. */
async function connectLongAgo(): Promise<GitHubConnection> {
  const connection = await github.connect();
  github.answers(TOKEN, installationToken("ghs_old"));
  github.answers(REACTIONS, reaction("eyes"));
  await connection.react(taskWith(), "eyes");
  vi.setSystemTime(Date.now() + 600_000);
  return connection;
}

const authorizations = () => github.received.slice(2).map(({ authorization }) => authorization);

test.each<[string, Expected, () => void, (connection: GitHubConnection) => Promise<unknown>]>([
  [
    "a write",
    COMMENTS,
    () => github.answers(COMMENTS, createdComment(5, "Started.")),
    (connection) => connection.createComment(taskWith(), "Started."),
  ],
  [
    "a read",
    PERMISSION,
    () => github.answers(PERMISSION, permission("write", OCTOCAT)),
    (connection) => connection.roleOf(taskWith(), OCTOCAT),
  ],
  [
    "a GraphQL query",
    GRAPHQL,
    () => github.returns({ repository: { file: file(MAIN, "# Triage\n") } }),
    (connection) => connection.text(taskWith(), "repository", "triage.md"),
  ],
])("%s that is answered with 401 is made once more with a new token", async (...story) => {
  const [, expected, answer, ask] = story;
  const connection = await connectLongAgo();
  github.refuses(expected, 401, BAD_CREDENTIALS);
  github.answers(TOKEN, installationToken("ghs_new"));
  answer();

  await ask(connection);
  expect(authorizations()).toEqual([
    "token ghs_old",
    expect.stringMatching(/^bearer /u),
    "token ghs_new",
  ]);
});

test("requests that are refused together take one new token", async () => {
  const connection = await connectLongAgo();
  github.refuses(PERMISSION, 401, { ...BAD_CREDENTIALS, times: 3 });
  github.answers(TOKEN, installationToken("ghs_new"));
  for (let time = 0; time < 3; time += 1) {
    github.answers(PERMISSION, permission("write", OCTOCAT));
  }

  const asked = [1, 2, 3].map(() => connection.roleOf(taskWith(), OCTOCAT));
  expect(await Promise.all(asked)).toEqual(["write", "write", "write"]);
});

test("a new token that is refused too is the answer", async () => {
  const connection = await connectLongAgo();
  // The client allows a new token some seconds to be known everywhere.
  github.refuses(COMMENTS, 401, { ...BAD_CREDENTIALS, times: 5 });
  github.answers(TOKEN, installationToken("ghs_new"));

  const refused = connection.createComment(taskWith(), "Started.");
  await expect(refused).rejects.toMatchObject({ status: 401 });
});

test("a new token that GitHub does not give is the answer", async () => {
  const connection = await connectLongAgo();
  github.refuses(COMMENTS, 401, BAD_CREDENTIALS);
  github.refuses(TOKEN, 401, { message: "A JSON web token could not be decoded" });

  const refused = connection.createComment(taskWith(), "Started.");
  await expect(refused).rejects.toMatchObject({ status: 401 });
});

test("the App's own requests have no token that could be renewed", async () => {
  const connection = await github.connect();
  github.refuses("GET /repos/octo-org/hello/installation", 401, BAD_CREDENTIALS);

  const refused = connection.react(taskWith({ place: { installationId: null } }), "eyes");
  await expect(refused).rejects.toMatchObject({ status: 401 });
});
