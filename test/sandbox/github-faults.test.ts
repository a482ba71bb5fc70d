import { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";

let github: LoopbackGitHub;
let octokit: Octokit;

beforeAll(async () => {
  github = await startGitHub();
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const baseUrl = `http://${github.host}/api/v3`;
  octokit = new Octokit({ auth: github.as("octocat").token, baseUrl, log });
});

afterAll(() => github.close());

function ignore(): void {
  // What fails here is meant to.
}

test("an error instead of an answer, as often as set", async () => {
  const headers = { "retry-after": "1" };
  github.failNext({ method: "GET", path: "/repos/octo-org/hello" }, { status: 503, headers }, 2);
  for (const status of [503, 503]) {
    await expect(octokit.rest.repos.get(hello)).rejects.toMatchObject({ status });
  }
  expect((await octokit.rest.repos.get(hello)).status).toBe(200);
  expect(github.requests.slice(-3).map(({ status }) => status)).toEqual([503, 503, 200]);
});

test.each([
  ["drop", 0],
  ["perform and drop", 1],
  [{ status: 502, performed: true }, 1],
  [{ status: 502 }, 0],
] as const)("%s leaves %i comments", async (fault, comments) => {
  const issue = await github.as("octocat").openIssue(hello, { title: "Fault" });
  github.failNext({ method: "POST", path: /\/issues\/\d+\/comments$/ }, fault);
  const place = { ...hello, issue_number: issue.number };
  await expect(octokit.rest.issues.createComment({ ...place, body: "?" })).rejects.toThrow();
  const status = typeof fault === "string" ? null : 502;
  await github.until(() => github.requests.at(-1)?.status === status);
  expect((await github.thread("octo-org", "hello", issue.number)).comments).toHaveLength(comments);
});

test("no answer at all", async () => {
  github.failNext({ method: "GET", path: "/repos/octo-org/hello" }, "hang");
  const request = { signal: AbortSignal.timeout(50) };
  await expect(octokit.rest.repos.get({ ...hello, request })).rejects.toThrow();
  expect(github.requests.at(-1)?.status).toBeNull();
});

test("a bot that does not listen", async () => {
  const alone = await startGitHub();
  alone.deliverTo("http://127.0.0.1:9/");
  await alone.as("octocat").openIssue(hello, { title: "Anybody?" });
  expect(alone.deliveries).toMatchObject([{ event: "issues", statusCode: null }]);
  await alone.close();
  await expect(fetch(`http://${alone.host}/zen`)).rejects.toThrow();
});

test("the error of a wait that timed out says what happened instead", async () => {
  await octokit.rest.repos.get(hello);
  const waiting = github.until(() => github.requests.length < 0, 20);
  await expect(waiting).rejects.toThrow(
    /Not within 20 ms: \(\) => github\.requests.*GET \/repos\/octo-org\/hello → 200/s,
  );
});
