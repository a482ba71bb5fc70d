import { expect, test } from "vitest";
import type { Measured } from "../../src/core/metrics/measured.ts";
import { taskWith } from "../core/task.ts";
import { createdComment, installationToken, permission } from "./answers.ts";
import { useGitHub } from "./prepared.ts";
import { file, MAIN } from "./survey-answers.ts";

const github = useGitHub();

const TOKEN = "POST /app/installations/31/access_tokens";
const COMMENTS = "POST /repos/octo-org/hello/issues/7/comments";
const PERMISSION = "GET /repos/octo-org/hello/collaborators/octocat/permission";
const OCTOCAT = { login: "octocat", id: 583_231 };

/** In seconds since the epoch. */
const RESET = 1_900_000_000;

function limits(resource: string, remaining: number, limit = 5_000) {
  return {
    "x-ratelimit-resource": resource,
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-reset": String(RESET),
  };
}

/** A connection, and what it has measured of requests in installation 31: the first one is for its token. */
async function connect() {
  const all: Extract<Measured, { type: "github_request" }>[] = [];
  const connection = await github.connect({
    measure: (one) => void (one.type === "github_request" && all.push(one)),
  });
  const token = installationToken("ghs_16C7e42F292c6912E7710c838347Ae178B4a");
  github.answers(TOKEN, token, { headers: limits("core", 1) });
  const measured = () => {
    const [ofToken, ...others] = all;
    expect(ofToken).toMatchObject({ api: "rest", result: "ok", budget: null });
    return others;
  };
  return { connection, measured };
}

test("a request is measured with what GitHub still takes", async () => {
  const { connection, measured } = await connect();
  github.answers(PERMISSION, permission("write", OCTOCAT), { headers: limits("core", 4_990) });
  await connection.roleOf(taskWith(), OCTOCAT);
  expect(measured()).toEqual([
    {
      type: "github_request",
      api: "rest",
      result: "ok",
      seconds: expect.any(Number),
      budget: { resource: "core", remaining: 4_990, limit: 5_000, resetAt: RESET * 1_000 },
      client: expect.any(Object),
    },
  ]);
});

test("a query of GraphQL is measured apart", async () => {
  const { connection, measured } = await connect();
  const source = { repository: { file: file(MAIN, "# Triage\n") } };
  github.returns(source, { headers: limits("graphql", 17) });
  await connection.text(taskWith(), "repository", "triage.md");
  expect(measured()).toMatchObject([
    { api: "graphql", result: "ok", budget: { resource: "graphql", remaining: 17 } },
  ]);
});

test("GitHub's words for a limit don't become a metric's", async () => {
  const { connection, measured } = await connect();
  const headers = limits("ghp_secret", 1);
  github.answers(PERMISSION, permission("write", OCTOCAT), { headers });
  await connection.roleOf(taskWith(), OCTOCAT);
  expect(measured()).toMatchObject([{ budget: { resource: "other" } }]);
});

test.each([
  ["limits like that aren't numbers", { "x-ratelimit-remaining": "many" }],
  ["there are none, as on some Enterprise Servers", {}],
])("a request is measured without a limit where %s", async (_why, headers) => {
  const { connection, measured } = await connect();
  github.answers(PERMISSION, permission("write", OCTOCAT), { headers });
  await connection.roleOf(taskWith(), OCTOCAT);
  expect(measured()).toMatchObject([{ result: "ok", budget: null }]);
});

test.each([
  [404, "Not Found", {}, "gone"],
  [403, "Resource not accessible by integration", {}, "not_permitted"],
  [403, "API rate limit exceeded", limits("core", 0), "rate_limited"],
  [422, "Validation Failed", {}, "refused"],
])("a request that is answered with %d, %s, is counted so", async (...story) => {
  const [status, message, headers, result] = story;
  const { connection, measured } = await connect();
  github.refuses(COMMENTS, status, { message, headers });
  await expect(connection.createComment(taskWith(), "Started.")).rejects.toThrow(message);
  expect(measured()).toMatchObject([{ api: "rest", result }]);
});

test("a request that is repeated is counted once, as what came of it in the end", async () => {
  const { connection, measured } = await connect();
  github.refuses(PERMISSION, 502);
  github.answers(PERMISSION, permission("write", OCTOCAT));
  await connection.roleOf(taskWith(), OCTOCAT);
  expect(measured()).toMatchObject([{ result: "ok" }]);
});

test("a GitHub that doesn't answer is counted as away", async () => {
  const { connection, measured } = await connect();
  github.breaks(COMMENTS);
  await expect(connection.createComment(taskWith(), "Started.")).rejects.toThrow();
  expect(measured()).toMatchObject([{ result: "unreachable", budget: null }]);
});

test("what is commented is measured nowhere", async () => {
  const { connection, measured } = await connect();
  github.answers(COMMENTS, createdComment(5, "Started."));
  await connection.createComment(taskWith(), "Started.");
  expect(JSON.stringify(measured())).not.toMatch(/Started|octo|hello|ghs_/u);
});
