import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { blocked, hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { payloadProblems } from "./description.ts";
import type { InstallationOctokit } from "./installation.ts";
import { octokitOf } from "./installation.ts";

const secret = { owner: "octo-org", repo: "secret" };

let github: LoopbackGitHub;
let app: InstallationOctokit;
let octokit: InstallationOctokit;

beforeEach(async () => {
  github = await startGitHub({ repositories: [{ name: "secret", private: true }] });
  app = await octokitOf(github);
  octokit = await octokitOf(github, github.installationId);
});

afterEach(() => github.close());

function payloadOf(event: string, action: string): Record<string, unknown> {
  const found = github.deliveries.findLast((it) => it.event === event && it.action === action);
  if (found === undefined) throw new Error(`There is no ${event}.${action}`);
  expect(payloadProblems(found)).toEqual([]);
  return found.payload;
}

const newToken = () =>
  app.rest.apps.createInstallationAccessToken({ installation_id: github.installationId });

describe("suspended", () => {
  test("its tokens are refused and no webhooks are sent, until it's unsuspended", async () => {
    const message = expect.stringMatching(/^This installation has been suspended/);
    const refused = { status: 403, message };
    await octokit.rest.repos.get(hello);
    await github.installation.suspend();
    expect(payloadOf("installation", "suspend")).toMatchObject({
      installation: { id: github.installationId, suspended_by: { login: "octocat" } },
      sender: { login: "octocat" },
    });
    await expect(octokit.rest.repos.get(hello)).rejects.toMatchObject(refused);
    await expect(octokit.graphql("{ rateLimit { cost } }")).rejects.toMatchObject(refused);
    await expect(newToken()).rejects.toMatchObject(refused);
    const { data } = await app.rest.apps.getRepoInstallation(hello);
    expect(data.suspended_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

    const before = github.deliveries.length;
    await github.as("writer").openIssue(hello, { title: "Unheard" });
    expect(github.deliveries).toHaveLength(before);
    await github.installation.unsuspend();
    expect(payloadOf("installation", "unsuspend")).toMatchObject({
      installation: { suspended_at: null },
    });
    expect((await octokit.rest.repos.get(hello)).status).toBe(200);
    await github.as("writer").openIssue(hello, { title: "Heard" });
    const { data: deliveries } = await app.rest.apps.listWebhookDeliveries();
    expect(deliveries).toMatchObject([
      { event: "issues", action: "opened", repository_id: expect.any(Number) },
      { event: "installation", action: "unsuspend", repository_id: null },
      { event: "installation", action: "suspend", installation_id: github.installationId },
    ]);
  });
});

describe("deleted", () => {
  test("there is no token, and then another installation", async () => {
    const { data } = await newToken();
    const former = github.installationId;
    await github.installation.delete();
    const { repositories } = payloadOf("installation", "deleted");
    expect(repositories).toContainEqual(expect.objectContaining({ full_name: "octo-org/hello" }));
    const missing = { status: 404 };
    await expect(newToken()).rejects.toMatchObject(missing);
    await expect(app.rest.apps.getRepoInstallation(hello)).rejects.toMatchObject(missing);
    expect((await app.rest.apps.listInstallations()).data).toEqual([]);
    const headers = { authorization: `Bearer ${data.token}` };
    const answer = await fetch(`http://${github.host}/api/v3/repos/octo-org/hello`, { headers });
    expect(answer.status).toBe(401);

    await github.installation.create();
    expect(github.installationId).not.toBe(former);
    expect(payloadOf("installation", "created")).toMatchObject({
      installation: { id: github.installationId },
    });
    const installed = await octokitOf(github, github.installationId);
    expect((await installed.rest.repos.get(hello)).status).toBe(200);
    await github.as("writer").openIssue(hello, { title: "Again" });
    expect(github.deliveries.at(-1)?.payload).toMatchObject({
      installation: { id: github.installationId },
    });
  });
});

describe("without a repository", () => {
  test("a private one is no longer there", async () => {
    await octokit.rest.repos.get(secret);
    await github.installation.removeRepository("secret");
    expect(payloadOf("installation_repositories", "removed")).toMatchObject({
      repository_selection: "selected",
      repositories_added: [],
      repositories_removed: [{ full_name: "octo-org/secret", private: true }],
    });
    const missing = { status: 404 };
    await expect(octokit.rest.repos.get(secret)).rejects.toMatchObject(missing);
    await expect(app.rest.apps.getRepoInstallation(secret)).rejects.toMatchObject(missing);
    const query = `{ repository(owner: "octo-org", name: "secret") { name } }`;
    const error = { errors: [{ type: "NOT_FOUND" }] };
    await expect(octokit.graphql(query)).rejects.toMatchObject(error);
    await github
      .as("writer")
      .openIssue(secret, { title: "Unheard" })
      .catch(() => undefined);
    expect(github.deliveries.at(-1)?.event).toBe("installation_repositories");

    await github.installation.addRepository("secret");
    payloadOf("installation_repositories", "added");
    expect((await octokit.rest.repos.get(secret)).status).toBe(200);
  });

  test("a public one is read as by everybody, and not written", async () => {
    const issue = await github.as("writer").openIssue(blocked, { title: "Left" });
    await github.installation.removeRepository("blocked");
    expect((await octokit.rest.repos.get(blocked)).status).toBe(200);
    const message = expect.stringContaining("Resource not accessible by integration");
    const place = { ...blocked, issue_number: issue.number };
    const written = octokit.rest.issues.createComment({ ...place, body: "?" });
    await expect(written).rejects.toMatchObject({ status: 403, message });
    const asked = octokit.rest.repos.getCollaboratorPermissionLevel({
      ...blocked,
      username: "writer",
    });
    await expect(asked).rejects.toMatchObject({ status: 403, message });
  });
});

describe("permissions", () => {
  test("new permissions that the App requests are granted when they're accepted", async () => {
    const issue = await github.as("writer").openIssue(hello, { title: "Please" });
    const react = () =>
      octokit.rest.reactions.createForIssue({
        ...hello,
        issue_number: issue.number,
        content: "eyes",
      });
    const { issues: _, ...rest } = github.app.permissions;
    github.app.permissions = rest;
    expect((await react()).status).toBe(201);
    await github.installation.acceptPermissions();
    payloadOf("installation", "new_permissions_accepted");
    const message = expect.stringContaining("Resource not accessible by integration");
    await expect(react()).rejects.toMatchObject({ status: 403, message });
    const { data } = await newToken();
    expect(data.permissions).not.toHaveProperty("issues");
  });

  test("only events that the App subscribes to are sent", async () => {
    github.app.events = ["issue_comment"];
    const issue = await github.as("writer").openIssue(hello, { title: "Unheard" });
    await github.as("writer").comment(issue, "Heard");
    expect(github.deliveries.map(({ event }) => event)).toEqual(["issue_comment"]);
  });
});
