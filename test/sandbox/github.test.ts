import { Octokit } from "@octokit/rest";
import { Probot, ProbotOctokit } from "probot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { blocked, hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";

const impatient = ProbotOctokit.defaults((options: object) => ({
  ...options,
  throttle: { enabled: false },
  retry: { enabled: false },
}));

let github: LoopbackGitHub;
let octokit: Awaited<ReturnType<Probot["auth"]>>;

beforeAll(async () => {
  const repositories = [{ name: "secret", private: true }];
  github = await startGitHub({ repositories });
  const { appId, privateKey, webhookSecret: secret } = github;
  const baseUrl = `http://${github.host}/api/v3`;
  const probot = new Probot({ appId, privateKey, secret, baseUrl, Octokit: impatient });
  octokit = await probot.auth(github.installationId);
});

afterAll(() => github.close());

describe("facts, as the installation reads them", () => {
  test("repository, branch and files", async () => {
    const { data: repository } = await octokit.rest.repos.get(hello);
    expect(repository).toMatchObject({ full_name: "octo-org/hello", default_branch: "main" });
    const { data: branch } = await octokit.rest.repos.getBranch({ ...hello, branch: "feature" });
    expect(branch.commit.commit.message).toBe("Write src/greeting.ts");

    const content = "label: copilot\n";
    await github.as("octocat").commitFile(blocked, { path: ".github/copilot-tasks.yml", content });
    const { data: raw } = await octokit.rest.repos.getContent({
      ...blocked,
      path: ".github/copilot-tasks.yml",
      mediaType: { format: "raw" },
    });
    expect(raw).toBe(content);
    const path = "/repos/octo-org/blocked/contents/.github/copilot-tasks.yml";
    expect(github.requests.at(-1)).toMatchObject({ by: github.botLogin, path, status: 200 });
  });

  test("a pull request of the repository's own, as pull request and as issue", async () => {
    const pull = await github
      .as("writer")
      .openPullRequest(hello, { title: "Greet", head: "feature" });
    const place = { ...hello, pull_number: pull.number };
    const { data } = await octokit.rest.pulls.get(place);
    expect(data).toMatchObject({
      head: { ref: "feature", repo: { full_name: "octo-org/hello" } },
      base: { ref: "main" },
      commits: 2,
      changed_files: 2,
    });
    const issue = await octokit.rest.issues.get({ ...hello, issue_number: pull.number });
    expect(issue.data).toMatchObject({ number: pull.number, title: "Greet", state: "open" });
    expect(issue.data.pull_request?.html_url).toBe(
      `http://${github.host}/octo-org/hello/pull/${pull.number}`,
    );
  });

  test("a pull request from a fork", async () => {
    const head = "stranger:patch-1";
    const pull = await github.as("stranger").openPullRequest(hello, { title: "Patch", head });
    const place = { ...hello, pull_number: pull.number };
    const { data } = await octokit.rest.pulls.get(place);
    expect(data.head).toMatchObject({
      ref: "patch-1",
      repo: { full_name: "stranger/hello", fork: true },
    });
  });

  test("a pull request follows its branch", async () => {
    const octocat = github.as("octocat");
    const pull = await octocat.openPullRequest(hello, { title: "Moving", head: "feature" });
    const branch = "feature";
    await octocat.commitFile(hello, { path: "later.txt", content: "later", branch });
    const { data } = await octokit.rest.pulls.get({ ...hello, pull_number: pull.number });
    const tip = await octokit.rest.repos.getBranch({ ...hello, branch });
    expect(data.head.sha).not.toBe(pull.head.sha);
    expect(data.head.sha).toBe(tip.data.commit.sha);
  });
});

describe("who asks", () => {
  test("a person's token", async () => {
    const { token: auth } = github.as("stranger");
    expect(auth).toMatch(/^gho_\w{36}$/);
    const person = new Octokit({ auth, baseUrl: `http://${github.host}/api/v3` });
    const { data } = await person.rest.users.getAuthenticated();
    expect(data.login).toBe("stranger");
    const { data: repository } = await person.rest.repos.get(hello);
    expect(repository.permissions).toMatchObject({ pull: true, push: false });
    const secret = person.rest.repos.get({ owner: "octo-org", repo: "secret" });
    await expect(secret).rejects.toMatchObject({ status: 404 });
  });

  test("JSON that curl calls a form", async () => {
    const issue = await github.as("octocat").openIssue(hello, { title: "Written with curl" });
    const path = `/repos/octo-org/hello/issues/${issue.number}/comments`;
    const response = await fetch(`http://${github.host}${path}`, {
      method: "POST",
      headers: {
        authorization: `token ${github.as("writer").token}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: '{"body":"/copilot triage"}',
    });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ body: "/copilot triage" });
  });

  test("a token that GitHub does not know", async () => {
    const headers = { authorization: `Bearer gho_${"x".repeat(36)}` };
    const answer = await fetch(`http://${github.host}/api/v3/user`, { headers });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ message: "Bad credentials" });
  });
});

describe("what the bot writes", () => {
  test("a comment, edited, and reactions", async () => {
    const writer = github.as("writer");
    const issue = await writer.openIssue(hello, { title: "Please", body: "Do it" });
    const asked = await writer.comment(issue, "/copilot fix this");
    const place = { ...hello, issue_number: issue.number };
    const { data: comment } = await octokit.rest.issues.createComment({
      ...place,
      body: "Working",
    });
    expect(comment.user).toMatchObject({ login: github.botLogin, type: "Bot" });
    expect(comment.performed_via_github_app).toMatchObject({ id: github.appId });
    await octokit.rest.issues.updateComment({ ...hello, comment_id: comment.id, body: "Done" });

    const reaction = { ...hello, comment_id: asked.id, content: "eyes" } as const;
    const first = await octokit.rest.reactions.createForIssueComment(reaction);
    const second = await octokit.rest.reactions.createForIssueComment(reaction);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.data.id).toBe(first.data.id);
    await octokit.rest.reactions.createForIssue({ ...place, content: "rocket" });

    const thread = await github.thread("octo-org", "hello", issue.number);
    const by = { user: github.botLogin };
    expect(thread).toMatchObject({
      title: "Please",
      body: "Do it",
      reactions: [{ content: "rocket", ...by }],
      comments: [
        { author: "writer", body: "/copilot fix this", reactions: [{ content: "eyes", ...by }] },
        { author: github.botLogin, body: "Done", reactions: [] },
      ],
    });
    await github.until(() => github.deliveries.at(-1)?.action === "edited");
    const own = github.deliveries.at(-1)?.payload;
    expect(own).toMatchObject({
      action: "edited",
      changes: { body: { from: "Working" } },
      sender: { login: github.botLogin, type: "Bot" },
    });
  });

  test("a reaction to a comment on a line", async () => {
    const octocat = github.as("octocat");
    const pull = await octocat.openPullRequest(hello, { title: "Lines", head: "feature" });
    const { id } = await octocat.reviewComment(pull, { body: "/copilot this line" });
    const reaction = { ...hello, comment_id: id, content: "eyes" } as const;
    await octokit.rest.reactions.createForPullRequestReviewComment(reaction);
    const thread = await github.thread("octo-org", "hello", pull.number);
    expect(thread.reviewComments).toMatchObject([
      { body: "/copilot this line", reactions: [{ content: "eyes", user: github.botLogin }] },
    ]);
  });

  test("a reaction that GitHub refuses", async () => {
    const issue = await github.as("octocat").openIssue(hello, { title: "Reacting" });
    const path = `/repos/octo-org/hello/issues/${issue.number}/reactions`;
    const unknown = octokit.request(`POST ${path}`, { content: "shrug" });
    await expect(unknown).rejects.toMatchObject({ status: 422 });
    const nowhere = octokit.request("POST /repos/octo-org/hello/issues/999/reactions", {
      content: "eyes",
    });
    await expect(nowhere).rejects.toMatchObject({ status: 404 });
  });

  test("a comment that is too long", async () => {
    const issue = await github.as("octocat").openIssue(hello, { title: "Long" });
    const place = { ...hello, issue_number: issue.number };
    const body = "x".repeat(65_537);
    await expect(octokit.rest.issues.createComment({ ...place, body })).rejects.toMatchObject({
      status: 422,
    });
  });

  test("only the bot's requests are recorded", async () => {
    const issue = await github.as("octocat").openIssue(hello, { title: "Counted" });
    const before = github.requests.length;
    await github.as("octocat").comment(issue, "not counted");
    const place = { ...hello, issue_number: issue.number, per_page: 7 };
    await octokit.rest.issues.listComments(place);
    const path = `/repos/octo-org/hello/issues/${issue.number}/comments`;
    expect(github.requests.slice(before)).toMatchObject([
      { by: github.botLogin, method: "GET", path, query: { per_page: "7" }, status: 200 },
    ]);
  });
});
