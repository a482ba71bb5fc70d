import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { Subject } from "../../sandbox/github/shapes.ts";
import { payloadProblems } from "./description.ts";
import type { InstallationOctokit } from "./installation.ts";
import { octokitOf } from "./installation.ts";

let github: LoopbackGitHub;
let octokit: InstallationOctokit;
let before: number;

beforeAll(async () => {
  github = await startGitHub();
  github.app.events.push("delete");
  octokit = await octokitOf(github, github.installationId);
});

beforeEach(() => {
  before = github.deliveries.length;
});

afterAll(() => github.close());

function eventsSent(): readonly string[] {
  return github.deliveries
    .slice(before)
    .map(({ event, action }) => [event, action].filter((it) => it !== "").join("."));
}

function latest(): Record<string, unknown> {
  return github.deliveries.at(-1)?.payload ?? {};
}

async function seen({ number }: Subject): Promise<Record<string, unknown>> {
  const about = `query ($number: Int!) { repository(owner: "octo-org", name: "hello") {
    it: issueOrPullRequest(number: $number) {
      ... on Issue { issueState: state closed locked }
      ... on PullRequest { state closed merged locked headRefOid headRefName }
    } } }`;
  const answer = await octokit.graphql<{ repository: { it: Record<string, unknown> } }>(about, {
    number,
  });
  const { issueState, ...it } = answer.repository.it;
  return issueState === undefined ? it : { state: issueState, ...it };
}

describe("an issue", () => {
  test("is closed and opened again", async () => {
    const writer = github.as("writer");
    const issue = await writer.openIssue(hello, { title: "Closing" });
    await writer.close(issue);
    expect(await seen(issue)).toMatchObject({ state: "CLOSED", closed: true });
    await writer.reopen(issue);
    expect(await seen(issue)).toMatchObject({ state: "OPEN", closed: false });
    expect(eventsSent()).toEqual(["issues.opened", "issues.closed", "issues.reopened"]);
  });

  test("is locked, so that an App cannot comment, and unlocked", async () => {
    const writer = github.as("writer");
    const issue = await writer.openIssue(hello, { title: "Locking" });
    await writer.lock(issue, "too heated");
    expect(await seen(issue)).toMatchObject({ locked: true });
    const place = { ...hello, issue_number: issue.number };
    const { data } = await octokit.rest.issues.get(place);
    expect(data).toMatchObject({ locked: true, active_lock_reason: "too heated" });
    const message = expect.stringContaining("Unable to create comment because issue is locked.");
    const comment = () => octokit.rest.issues.createComment({ ...place, body: "?" });
    await expect(comment()).rejects.toMatchObject({ status: 403, message });
    await expect(github.as("stranger").comment(issue, "?")).rejects.toThrow("locked");
    await writer.comment(issue, "I may");
    await writer.unlock(issue);
    expect((await comment()).status).toBe(201);
    expect(await seen(issue)).toMatchObject({ locked: false });
    expect(eventsSent().slice(1, 4)).toEqual([
      "issues.locked",
      "issue_comment.created",
      "issues.unlocked",
    ]);
  });

  test("hides a comment", async () => {
    const writer = github.as("writer");
    const issue = await writer.openIssue(hello, { title: "Hiding" });
    const comment = await writer.comment(issue, "Buy!");
    github.minimize(comment, "spam");
    const about = `{ repository(owner: "octo-org", name: "hello") {
      issue: issueOrPullRequest(number: ${issue.number}) {
      ... on Issue { comments(last: 1) { nodes { isMinimized minimizedReason } } } } } }`;
    expect(await octokit.graphql(about)).toMatchObject({
      repository: {
        issue: { comments: { nodes: [{ isMinimized: true, minimizedReason: "spam" }] } },
      },
    });
  });
});

describe("labels", () => {
  test("set and removed by the bot, whom the webhook names", async () => {
    const issue = await github.as("writer").openIssue(hello, { title: "Labels" });
    const place = { ...hello, issue_number: issue.number };
    const set = await octokit.rest.issues.addLabels({ ...place, labels: ["never seen before"] });
    expect(set.data).toMatchObject([{ name: "never seen before" }]);
    await octokit.rest.issues.addLabels({ ...place, labels: ["other"] });
    const left = await octokit.rest.issues.removeLabel({ ...place, name: "never seen before" });
    expect(left.data).toMatchObject([{ name: "other" }]);
    await github.until(() => eventsSent().includes("issues.unlabeled"));
    expect(eventsSent()).toEqual([
      "issues.opened",
      "issues.labeled",
      "issues.labeled",
      "issues.unlabeled",
    ]);
    expect(latest()).toMatchObject({
      label: { name: "never seen before" },
      issue: { labels: [{ name: "other" }] },
      sender: { login: github.botLogin, type: "Bot" },
    });
    const again = octokit.rest.issues.removeLabel({ ...place, name: "never seen before" });
    const message = expect.stringContaining("Label does not exist");
    await expect(again).rejects.toMatchObject({ status: 404, message });
    const nowhere = octokit.rest.issues.removeLabel({ ...hello, issue_number: 999, name: "other" });
    await expect(nowhere).rejects.toMatchObject({ status: 404 });
  });

  test("of a pull request", async () => {
    const writer = github.as("writer");
    const pull = await writer.openPullRequest(hello, { title: "Labels", head: "feature" });
    const place = { ...hello, issue_number: pull.number };
    await writer.label(pull, "copilot");
    await octokit.rest.issues.removeLabel({ ...place, name: "copilot" });
    await github.until(() => eventsSent().includes("pull_request.unlabeled"));
    expect(latest()).toMatchObject({
      label: { name: "copilot" },
      pull_request: { labels: [] },
      sender: { login: github.botLogin },
    });
  });
});

describe("a pull request", () => {
  test("is locked, closed and opened again", async () => {
    const writer = github.as("writer");
    const pull = await writer.openPullRequest(hello, { title: "Locking", head: "feature" });
    await writer.lock(pull);
    expect(await seen(pull)).toMatchObject({ locked: true, state: "OPEN" });
    await writer.unlock(pull);
    await writer.close(pull);
    expect(await seen(pull)).toMatchObject({ state: "CLOSED", closed: true, merged: false });
    await writer.reopen(pull);
    expect(eventsSent().map((it) => it.replace("pull_request.", ""))).toEqual([
      "opened",
      "locked",
      "unlocked",
      "closed",
      "reopened",
    ]);
  });

  test("follows new commits on its branch, and keeps the last when it's merged", async () => {
    const octocat = github.as("octocat");
    await octocat.createBranch(hello, "topic");
    await octocat.commitFile(hello, { path: "a.txt", content: "a", branch: "topic" });
    const pull = await octocat.openPullRequest(hello, { title: "Moving", head: "topic" });
    await octocat.commitFile(hello, { path: "b.txt", content: "b", branch: "topic" });
    const { data: tip } = await octokit.rest.repos.getBranch({ ...hello, branch: "topic" });
    expect(eventsSent()).toEqual(["pull_request.opened", "pull_request.synchronize"]);
    expect(latest()).toMatchObject({
      number: pull.number,
      before: pull.head.sha,
      after: tip.commit.sha,
      pull_request: { head: { sha: tip.commit.sha } },
    });
    await octocat.merge(pull);
    expect(eventsSent().at(-1)).toBe("pull_request.closed");
    expect(latest()).toMatchObject({ pull_request: { merged: true, state: "closed" } });
    const merged = { state: "MERGED", merged: true, closed: true, headRefOid: tip.commit.sha };
    expect(await seen(pull)).toMatchObject(merged);
    await octocat.deleteBranch(hello, "topic");
    expect(eventsSent().at(-1)).toBe("delete");
    expect(await seen(pull)).toMatchObject(merged);
  });

  test("of a fork follows new commits too", async () => {
    const stranger = github.as("stranger");
    const head = "stranger:patch-1";
    const pull = await stranger.openPullRequest(hello, { title: "Patch", head });
    const fork = { owner: "stranger", repo: "hello" };
    await stranger.commitFile(fork, { path: "c.txt", content: "c", branch: "patch-1" });
    expect(eventsSent()).toEqual(["pull_request.opened", "pull_request.synchronize"]);
    expect(latest()).toMatchObject({
      repository: { full_name: "octo-org/hello" },
      before: pull.head.sha,
    });
  });

  test("is closed when its branch is deleted", async () => {
    const octocat = github.as("octocat");
    await octocat.createBranch(hello, "short");
    await octocat.commitFile(hello, { path: "d.txt", content: "d", branch: "short" });
    const pull = await octocat.openPullRequest(hello, { title: "Short", head: "short" });
    await octocat.deleteBranch(hello, "short");
    expect(eventsSent()).toEqual(["pull_request.opened", "delete", "pull_request.closed"]);
    const { payload } = github.deliveries.at(-2) ?? {};
    expect(payload).toMatchObject({ ref: "short", ref_type: "branch", pusher_type: "user" });
    expect(await seen(pull)).toMatchObject({ state: "CLOSED", headRefOid: pull.head.sha });
    const gone = octokit.rest.repos.getBranch({ ...hello, branch: "short" });
    await expect(gone).rejects.toMatchObject({ status: 404 });
    const ref = `{ repository(owner: "octo-org", name: "hello") { ref(qualifiedName: "refs/heads/short") { name } } }`;
    expect(await octokit.graphql(ref)).toEqual({ repository: { ref: null } });
  });
});

test("payloads are as GitHub describes them", () => {
  expect(github.deliveries.flatMap(payloadProblems)).toEqual([]);
});
