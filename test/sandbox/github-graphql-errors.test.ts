import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { InstallationOctokit } from "./installation.ts";
import { octokitOf } from "./installation.ts";

let github: LoopbackGitHub;
let octokit: InstallationOctokit;

beforeAll(async () => {
  github = await startGitHub({ repositories: [{ name: "secret", private: true }] });
  octokit = await octokitOf(github, github.installationId);
});

afterAll(() => github.close());

interface Reply {
  readonly data?: unknown;
  readonly errors?: readonly Record<string, unknown>[];
  readonly message?: string;
}

async function ask(
  query: unknown,
  variables: Readonly<Record<string, unknown>> = {},
  token: string | null = github.as("octocat").token,
) {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (token !== null) headers["authorization"] = `Bearer ${token}`;
  const body = JSON.stringify({ query, variables });
  const response = await fetch(`http://${github.host}/api/graphql`, {
    method: "POST",
    headers,
    body,
  });
  const reply: Reply = JSON.parse(await response.text());
  return { headers: response.headers, ...reply, status: response.status };
}

describe("what goes wrong", () => {
  test("a repository and a number that don't exist", async () => {
    const wrong = await ask(`query {
      repository(owner: "octo-org", name: "nope") { databaseId }
      other: repository(owner: "octo-org", name: "hello") { name issueOrPullRequest(number: 999) { __typename } }
    }`);
    expect(wrong.status).toBe(200);
    expect(wrong.data).toEqual({
      repository: null,
      other: { name: "hello", issueOrPullRequest: null },
    });
    expect(wrong.errors).toEqual([
      {
        type: "NOT_FOUND",
        path: ["repository"],
        locations: [{ line: 2, column: 7 }],
        message: "Could not resolve to a Repository with the name 'octo-org/nope'.",
      },
      {
        type: "NOT_FOUND",
        path: ["other", "issueOrPullRequest"],
        locations: [{ line: 3, column: 66 }],
        message: "Could not resolve to an issue or pull request with the number of 999.",
      },
    ]);
    const thrown = octokit.graphql(`{ repository(owner: "octo-org", name: "nope") { name } }`);
    await expect(thrown).rejects.toMatchObject({ errors: [{ type: "NOT_FOUND" }] });
  });

  test("a private repository is there only for those who may see it", async () => {
    const secret = `{ repository(owner: "octo-org", name: "secret") { isPrivate } }`;
    const hidden = await ask(secret, {}, github.as("stranger").token);
    expect(hidden).toMatchObject({ data: { repository: null }, errors: [{ type: "NOT_FOUND" }] });
    const shown = { repository: { isPrivate: true } };
    expect(await octokit.graphql(secret)).toEqual(shown);
    expect((await ask(secret)).data).toEqual(shown);
  });

  test("what the App wasn't granted is returned only where it's public", async () => {
    const query = `{
      private: repository(owner: "octo-org", name: "secret") { name defaultBranchRef { name } }
      public: repository(owner: "octo-org", name: "hello") { defaultBranchRef { name } } }`;
    const { contents = "" } = github.installation.permissions;
    delete github.installation.permissions["contents"];
    const forbidden = { type: "FORBIDDEN", path: ["private", "defaultBranchRef"] };
    await expect(octokit.graphql(query)).rejects.toMatchObject({
      errors: [{ ...forbidden, message: "Resource not accessible by integration" }],
      data: {
        private: { name: "secret", defaultBranchRef: null },
        public: { defaultBranchRef: { name: "main" } },
      },
    });
    github.installation.permissions["contents"] = contents;
    expect(await octokit.graphql(query)).toMatchObject({
      private: { defaultBranchRef: { name: "main" } },
    });
  });

  test("a query that does not fit GitHub's schema", async () => {
    const wrong = await ask(
      `query Wrong { repository(owner: "o", name: "r") { ref(qualifiedName: "x") { sha } } }`,
    );
    const message = expect.stringContaining('"sha" on type "Ref"');
    expect(wrong).toMatchObject({ status: 200, errors: [{ message }] });
    expect(wrong.data).toBeUndefined();
    const missing = await ask("query ($n: Int!) { rateLimit { cost limit(n: $n) } }");
    expect(missing.errors).not.toHaveLength(0);
    expect((await ask("{ repository(")).errors?.[0]?.["message"]).toMatch(/^Syntax Error/);
    expect((await ask(undefined)).errors).toEqual([
      { message: "A query attribute must be specified and must be a string." },
    ]);
  });

  test("a list without a size, or with too large a one", async () => {
    const { number } = await github.as("writer").openIssue(hello, { title: "Lists" });
    const list = (asked: string) =>
      ask(
        `{ repository(owner: "octo-org", name: "hello") { issueOrPullRequest(number: ${number}) { ... on Issue { labels${asked} { totalCount } } } } }`,
      );
    expect(await list("")).toMatchObject({ errors: [{ type: "MISSING_PAGINATION_BOUNDARIES" }] });
    const tooMany = await list("(first: 101)");
    expect(tooMany.errors).toMatchObject([{ type: "EXCESSIVE_PAGINATION" }]);
    expect((await list("(first: 100)")).errors).toBeUndefined();
  });

  test("a field that this GitHub doesn't have is an error that says so", async () => {
    const { data, errors } = await ask(
      `{ repository(owner: "octo-org", name: "hello") { name stargazerCount } }`,
    );
    expect(data).toEqual({ repository: null });
    expect(errors).toMatchObject([{ message: "not faked: Repository.stargazerCount" }]);
    const mutation = await ask(
      `mutation { lockLockable(input: { lockableId: "1" }) { clientMutationId } }`,
    );
    expect(mutation.errors).toMatchObject([{ message: "not faked: Mutation.lockLockable" }]);
  });

  test("nobody asks, or someone whom GitHub does not know", async () => {
    const anonymous = await ask("{ rateLimit { cost } }", {}, null);
    expect(anonymous).toMatchObject({
      status: 401,
      message: "This endpoint requires you to be authenticated.",
    });
    const unknown = await ask("{ rateLimit { cost } }", {}, "ghs_unknown");
    expect(unknown).toMatchObject({ status: 401, message: "Bad credentials" });
  });

  test("a fault", async () => {
    const match = { method: "POST", path: "/graphql" };
    github.failNext(match, { status: 502 });
    await expect(octokit.graphql("{ rateLimit { cost } }")).rejects.toMatchObject({ status: 502 });
    const message = "API rate limit exceeded for installation ID 515151.";
    github.failNext(match, { status: 200, body: { errors: [{ type: "RATE_LIMITED", message }] } });
    const limited = octokit.graphql("{ rateLimit { cost } }");
    await expect(limited).rejects.toMatchObject({ errors: [{ type: "RATE_LIMITED" }] });
    const { rateLimit } = await octokit.graphql<{ rateLimit: { limit: number; used: number } }>(
      "{ rateLimit { limit used } }",
    );
    expect(rateLimit).toEqual({ limit: 5000, used: expect.any(Number) });
  });
});
