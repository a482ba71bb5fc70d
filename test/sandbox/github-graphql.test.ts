import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { blocked, hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { InstallationOctokit } from "./installation.ts";
import { octokitOf } from "./installation.ts";

const organization = { owner: "octo-org", repo: ".github" };
const path = ".github/copilot-tasks.yml";

let github: LoopbackGitHub;
let octokit: InstallationOctokit;

beforeAll(async () => {
  const repositories = [{ name: ".github" }, { name: "old", defaultBranch: "master" }];
  github = await startGitHub({ repositories });
  octokit = await octokitOf(github, github.installationId);
});

afterAll(() => github.close());

const subject = `
  title body closed locked author { ...Who }
  comments(last: 2) { totalCount nodes { databaseId body isMinimized viewerDidAuthor author { ...Who } } }
  labels(first: 100) { nodes { name } }`;
const query = `
  query ($owner: String!, $name: String!, $number: Int!) {
    rateLimit { cost remaining }
    repository(owner: $owner, name: $name) {
      databaseId nameWithOwner isArchived isLocked
      defaultBranchRef { name target { oid } }
      configuration: object(expression: "HEAD:.github/copilot-tasks.yml") { ...File }
      issueOrPullRequest(number: $number) {
        __typename
        ... on Issue { ${subject} }
        ... on PullRequest {
          ${subject}
          merged state isCrossRepository headRefName headRefOid baseRefName baseRefOid
          headRepository { databaseId nameWithOwner }
          files(first: 100) { totalCount nodes { path changeType additions deletions } }
        }
      }
      ref(qualifiedName: "refs/heads/feature") { name target { oid } }
    }
    defaults: repository(owner: $owner, name: ".github") {
      databaseId defaultBranchRef { target { oid } }
      configuration: object(expression: "HEAD:.github/copilot-tasks.yml") { ...File }
    }
  }
  fragment Who on Actor { login __typename ... on User { databaseId } ... on Bot { databaseId } }
  fragment File on GitObject { ... on Blob { oid byteSize isBinary isTruncated text } }`;

describe("one question about everything", () => {
  test("of an issue", async () => {
    const writer = github.as("writer");
    await github.writeFile(organization, path, "label: everywhere\n");
    const issue = await writer.openIssue(hello, { title: "Bug", body: "It", labels: ["copilot"] });
    const first = await writer.comment(issue, "first");
    await writer.comment(issue, "second");
    const place = { ...hello, issue_number: issue.number };
    const { data: own } = await octokit.rest.issues.createComment({ ...place, body: "third" });
    const { data: main } = await octokit.rest.repos.getBranch({ ...hello, branch: "main" });
    const { data: feature } = await octokit.rest.repos.getBranch({ ...hello, branch: "feature" });
    const { data: rest } = await octokit.rest.repos.get(hello);

    const variables = { owner: "octo-org", name: "hello", number: issue.number };
    expect(await octokit.graphql(query, variables)).toEqual({
      rateLimit: { cost: 1, remaining: 4999 },
      repository: {
        databaseId: rest.id,
        nameWithOwner: "octo-org/hello",
        isArchived: false,
        isLocked: false,
        defaultBranchRef: { name: "main", target: { oid: main.commit.sha } },
        configuration: null,
        issueOrPullRequest: {
          __typename: "Issue",
          title: "Bug",
          body: "It",
          closed: false,
          locked: false,
          author: { login: "writer", __typename: "User", databaseId: issue.user.id },
          comments: {
            totalCount: 3,
            nodes: [
              {
                databaseId: first.id + 1,
                body: "second",
                viewerDidAuthor: false,
                author: { login: "writer" },
              },
              {
                databaseId: own.id,
                body: "third",
                isMinimized: false,
                viewerDidAuthor: true,
                author: { login: "copilot-task-bot", __typename: "Bot", databaseId: own.user?.id },
              },
            ].map((node) =>
              expect.objectContaining({ ...node, author: expect.objectContaining(node.author) }),
            ),
          },
          labels: { nodes: [{ name: "copilot" }] },
        },
        ref: { name: "feature", target: { oid: feature.commit.sha } },
      },
      defaults: {
        databaseId: expect.any(Number),
        defaultBranchRef: { target: { oid: expect.stringMatching(/^[\da-f]{40}$/) } },
        configuration: {
          oid: expect.stringMatching(/^[\da-f]{40}$/),
          byteSize: 18,
          isBinary: false,
          isTruncated: false,
          text: "label: everywhere\n",
        },
      },
    });
    expect(github.requests.at(-1)).toMatchObject({
      method: "POST",
      path: "/graphql",
      by: github.botLogin,
      body: { query, variables },
      status: 200,
    });
  });

  test.each([
    ["writer", "feature", "octo-org/hello", ["MODIFIED README.md", "ADDED src/greeting.ts"]],
    ["stranger", "stranger:patch-1", "stranger/hello", ["MODIFIED README.md"]],
  ])("of a pull request of %s from %s", async (login, head, repository, files) => {
    const person = github.as(login);
    const pull = await person.openPullRequest(hello, { title: "Change", body: "Yes", head });
    const variables = { owner: "octo-org", name: "hello", number: pull.number };
    const { data } = await octokit.rest.pulls.get({ ...hello, pull_number: pull.number });
    const answer = await octokit.graphql<{
      repository: { issueOrPullRequest: { files: { nodes: Record<string, unknown>[] } } };
    }>(query, variables);
    const found = answer.repository.issueOrPullRequest;
    expect(found).toMatchObject({
      __typename: "PullRequest",
      title: "Change",
      body: "Yes",
      closed: false,
      merged: false,
      state: "OPEN",
      isCrossRepository: login === "stranger",
      headRefName: head.replace("stranger:", ""),
      headRefOid: data.head.sha,
      baseRefName: "main",
      baseRefOid: data.base.sha,
      headRepository: { databaseId: data.head.repo?.id, nameWithOwner: repository },
      files: { totalCount: files.length },
      comments: { totalCount: 0, nodes: [] },
    });
    expect(
      found.files.nodes.map((file) => `${String(file["changeType"])} ${String(file["path"])}`),
    ).toEqual(files);
    expect(found.files.nodes[0]).toMatchObject({ additions: expect.any(Number) });
  });
});

describe("files", () => {
  const about = `query ($owner: String!, $name: String!, $expression: String!) {
    repository(owner: $owner, name: $name) { object(expression: $expression) {
      __typename oid ... on Blob { byteSize isBinary isTruncated text } } } }`;

  async function read(
    repository: { readonly owner: string; readonly repo: string },
    expression: string,
  ) {
    const variables = { owner: repository.owner, name: repository.repo, expression };
    const answer = await octokit.graphql<{ repository: { object: unknown } }>(about, variables);
    return answer.repository.object;
  }

  test("written, written again and deleted, on the default branch or another", async () => {
    await github.writeFile(blocked, path, "a: 1\n");
    await github.writeFile(blocked, path, "a: 2\n");
    expect(await read(blocked, `HEAD:${path}`)).toMatchObject({ text: "a: 2\n", byteSize: 5 });
    expect(await read(blocked, `main:${path}`)).toMatchObject({ text: "a: 2\n" });
    await github.deleteFile(blocked, path);
    expect(await read(blocked, `HEAD:${path}`)).toBeNull();

    await github.writeFile(hello, path, "b: 1\n", "feature");
    expect(await read(hello, `HEAD:${path}`)).toBeNull();
    expect(await read(hello, `feature:${path}`)).toMatchObject({ text: "b: 1\n" });
    expect(await read(hello, `nowhere:${path}`)).toBeNull();
    await github.deleteFile(hello, path, "feature");

    const old = { owner: "octo-org", repo: "old" };
    await github.writeFile(old, path, "c: 1\n");
    expect(await read(old, `master:${path}`)).toMatchObject({ text: "c: 1\n" });
  });

  test("of other kinds: commit, directory, binary, too long", async () => {
    const head = await octokit.rest.repos.getBranch({ ...hello, branch: "main" });
    expect(await read(hello, "HEAD")).toEqual({ __typename: "Commit", oid: head.data.commit.sha });
    await github.writeFile(blocked, "src/a.ts", "a");
    expect(await read(blocked, "HEAD:src")).toMatchObject({ __typename: "Tree" });
    expect(await read(blocked, "HEAD:")).toMatchObject({ __typename: "Tree" });
    await github.writeFile(blocked, "binary", "a\0b");
    expect(await read(blocked, "HEAD:binary")).toMatchObject({ isBinary: true, text: null });
    await github.writeFile(blocked, "long", "x".repeat(600_000));
    const long = await read(blocked, "HEAD:long");
    expect(long).toMatchObject({ isTruncated: true, byteSize: 600_000, text: "x".repeat(512_000) });
  });
});
