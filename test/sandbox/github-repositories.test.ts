import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { fork, hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { payloadProblems } from "./description.ts";
import type { InstallationOctokit } from "./installation.ts";
import { octokitOf } from "./installation.ts";

const renamed = { owner: "octo-org", repo: "greeter" };

let github: LoopbackGitHub;
let octokit: InstallationOctokit;

beforeEach(async () => {
  github = await startGitHub();
  github.app.events.push("repository");
  octokit = await octokitOf(github, github.installationId);
});

afterEach(() => github.close());

function payloadOf(action: string): Record<string, unknown> {
  const delivery = github.deliveries.findLast(({ event }) => event === "repository");
  if (delivery?.action !== action) throw new Error(`There is no repository.${action}`);
  expect(payloadProblems(delivery)).toEqual([]);
  return delivery.payload;
}

function query(name: string, more = ""): Promise<unknown> {
  return octokit.graphql(
    `query ($name: String!) { repository(owner: "octo-org", name: $name${more}) { databaseId nameWithOwner isArchived } }`,
    { name },
  );
}

describe("archived", () => {
  test("nobody can write to it, until it's unarchived", async () => {
    const octocat = github.as("octocat");
    const issue = await octocat.openIssue(hello, { title: "Kept" });
    const { data: repository } = await octokit.rest.repos.get(hello);
    await octocat.archive(hello);
    expect(payloadOf("archived")).toMatchObject({ repository: { archived: true } });
    expect((await octokit.rest.repos.get(hello)).data.archived).toBe(true);
    expect(await query("hello")).toEqual({
      repository: {
        databaseId: repository.id,
        nameWithOwner: "octo-org/hello",
        isArchived: true,
      },
    });
    const message = expect.stringContaining("Repository was archived so is read-only.");
    const place = { ...hello, issue_number: issue.number };
    const refused = { status: 403, message };
    await expect(octokit.rest.issues.createComment({ ...place, body: "?" })).rejects.toMatchObject(
      refused,
    );
    await expect(octokit.rest.issues.addLabels({ ...place, labels: ["x"] })).rejects.toMatchObject(
      refused,
    );
    const reaction = octokit.rest.reactions.createForIssue({ ...place, content: "eyes" });
    await expect(reaction).rejects.toMatchObject(refused);
    expect((await octokit.rest.issues.get(place)).data.title).toBe("Kept");
    await octocat.unarchive(hello);
    payloadOf("unarchived");
    expect((await octokit.rest.issues.createComment({ ...place, body: "!" })).status).toBe(201);
  });
});

describe("renamed", () => {
  test("its former name leads to it, for reading and for writing", async () => {
    const writer = github.as("writer");
    const issue = await writer.openIssue(hello, { title: "Moved", body: "along" });
    await octokit.rest.reactions.createForIssue({
      ...hello,
      issue_number: issue.number,
      content: "eyes",
    });
    await writer.lock(issue);
    const { data: repository } = await octokit.rest.repos.get(hello);
    expect(await github.as("octocat").rename(hello, "greeter")).toEqual(renamed);
    expect(payloadOf("renamed")).toMatchObject({
      changes: { repository: { name: { from: "hello" } } },
      repository: { full_name: "octo-org/greeter" },
    });

    const headers = { authorization: `Bearer ${github.as("octocat").token}` };
    const url = `http://${github.host}/api/v3/repos/octo-org/hello/issues?state=all`;
    const answer = await fetch(url, { headers, redirect: "manual" });
    const location = `http://${github.host}/api/v3/repositories/${repository.id}/issues?state=all`;
    expect(answer.status).toBe(301);
    expect(answer.headers.get("location")).toBe(location);
    expect(await answer.json()).toMatchObject({ message: "Moved Permanently", url: location });
    const written = await fetch(url, { method: "POST", headers, redirect: "manual", body: "{}" });
    expect(written.status).toBe(307);

    expect((await octokit.rest.repos.get(hello)).data.full_name).toBe("octo-org/greeter");
    await writer.unlock({ ...issue, ...hello });
    const place = { ...hello, issue_number: issue.number };
    const { data } = await octokit.rest.issues.createComment({ ...place, body: "Here" });
    expect(data.issue_url).toContain("/repos/octo-org/greeter/");
    const thread = await github.thread("octo-org", "greeter", issue.number);
    expect(thread).toMatchObject({
      comments: [{ body: "Here" }],
      reactions: [{ content: "eyes" }],
    });
    expect(github.requests.slice(-2)).toMatchObject([
      {
        method: "POST",
        path: `/repos/octo-org/hello/issues/${issue.number}/comments`,
        status: 307,
      },
      {
        method: "POST",
        path: `/repositories/${repository.id}/issues/${issue.number}/comments`,
        status: 201,
      },
    ]);
  });

  test("a query follows, unless `followRenames` is false", async () => {
    await github.as("octocat").rename(hello, "greeter");
    const found = { repository: { nameWithOwner: "octo-org/greeter" } };
    expect(await query("hello")).toMatchObject(found);
    expect(await query("greeter")).toMatchObject(found);
    const missing = { errors: [{ type: "NOT_FOUND" }] };
    await expect(query("hello", ", followRenames: false")).rejects.toMatchObject(missing);
  });

  test("its former name can be taken", async () => {
    const octocat = github.as("octocat");
    await octocat.rename(hello, "greeter");
    await octocat.rename({ owner: "octo-org", repo: "blocked" }, "hello");
    const { data } = await octokit.rest.repos.get(hello);
    expect(data.full_name).toBe("octo-org/hello");
  });
});

describe("transferred", () => {
  test("away, it's no longer the installation's, and only the new owner gets the webhook", async () => {
    const issue = await github.as("writer").openIssue(hello, { title: "Leaving" });
    const before = github.deliveries.length;
    const moved = await github.as("octocat").transfer(hello, "writer");
    expect(moved).toEqual({ owner: "writer", repo: "hello" });
    expect(github.deliveries).toHaveLength(before);
    const { data } = await octokit.rest.repos.get(hello);
    expect(data).toMatchObject({ full_name: "writer/hello", owner: { type: "User" } });
    const message = expect.stringContaining("Resource not accessible by integration");
    const place = { ...hello, issue_number: issue.number };
    const comment = octokit.rest.issues.createComment({ ...place, body: "?" });
    await expect(comment).rejects.toMatchObject({ status: 403, message });
    const app = await octokitOf(github);
    await expect(app.rest.apps.getRepoInstallation({ ...moved })).rejects.toMatchObject({
      status: 404,
    });
  });

  test("to the organization, it is one of the installation's", async () => {
    await github.as("octocat").rename(hello, "greeter");
    const moved = await github.as("stranger").transfer(fork, "octo-org");
    expect(payloadOf("transferred")).toMatchObject({
      changes: { owner: { from: { user: { login: "stranger" } } } },
      repository: { full_name: "octo-org/hello" },
      installation: { id: github.installationId },
    });
    const issue = await github.as("stranger").openIssue(moved, { title: "Arrived" });
    const place = { ...moved, issue_number: issue.number };
    expect((await octokit.rest.issues.createComment({ ...place, body: "!" })).status).toBe(201);
  });
});

describe("deleted", () => {
  test("it is not there", async () => {
    await github.as("octocat").deleteRepository(hello);
    expect(payloadOf("deleted")).toMatchObject({ repository: { full_name: "octo-org/hello" } });
    await expect(octokit.rest.repos.get(hello)).rejects.toMatchObject({ status: 404 });
    await expect(query("hello")).rejects.toMatchObject({ errors: [{ type: "NOT_FOUND" }] });
  });

  test("and so is a former name of it", async () => {
    await github.as("octocat").rename(hello, "greeter");
    await github.as("octocat").deleteRepository(renamed);
    await expect(octokit.rest.repos.get(hello)).rejects.toMatchObject({ status: 404 });
  });

  test("a pull request outlives the fork that it is from", async () => {
    const stranger = github.as("stranger");
    const pull = await stranger.openPullRequest(hello, { title: "Lost", head: "stranger:patch-1" });
    await stranger.deleteRepository(fork);
    const about = `{ repository(owner: "octo-org", name: "hello") { pullRequest: issueOrPullRequest(number: ${pull.number}) {
      ... on PullRequest { state isCrossRepository headRefName headRefOid headRepository { name }
      files(first: 10) { nodes { path } } } } } }`;
    expect(await octokit.graphql(about)).toEqual({
      repository: {
        pullRequest: {
          state: "OPEN",
          isCrossRepository: true,
          headRefName: "patch-1",
          headRefOid: pull.head.sha,
          headRepository: null,
          files: { nodes: [{ path: "README.md" }] },
        },
      },
    });
    const { data } = await octokit.rest.pulls.get({ ...hello, pull_number: pull.number });
    expect(data.head).toMatchObject({ repo: null, sha: pull.head.sha });
  });
});
