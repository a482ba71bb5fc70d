import { Octokit } from "@octokit/rest";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import type { GitHubConnection } from "../../src/github/connection.ts";
import { connectToGitHub } from "../../src/github/connection.ts";
import type { Task } from "../../src/core/task/task.ts";
import { taskWith } from "../core/task.ts";
import { payloadProblems } from "./description.ts";
import { useGit } from "./git.ts";

let github: LoopbackGitHub;
let connection: GitHubConnection;
let task: Task;

const { git, commitOn } = useGit(() => github);

beforeAll(async () => {
  github = await startGitHub();
  const baseUrl = `http://${github.host}/api/v3`;
  const { appId, privateKey } = github;
  const identity = { appId, privateKey, baseUrl, throttled: false };
  connection = await connectToGitHub(identity, pino({ level: "silent" }));
  const octocat = new Octokit({ auth: github.as("octocat").token, baseUrl });
  const { data } = await octocat.rest.repos.get(hello);
  const place = { installationId: github.installationId, repositoryId: data.id };
  task = taskWith({ place });
});
afterEach(() => grant("write"));
afterAll(() => github.close());

/** What the App asks for, and what the organization has accepted of that. */
function grant(accepted: string, asked = "write"): void {
  github.app.permissions["contents"] = asked;
  github.installation.permissions["contents"] = accepted;
  github.installation.permissions["pull_requests"] = "write";
}

/** The token, which has to be there. */
async function tokenOf(access: "read" | "write"): Promise<string> {
  const found = await connection.repositoryToken(task, access);
  if (found.type !== "token") throw new Error(`No token: ${found.type}`);
  return found.token;
}

describe("a token", () => {
  test("lasts an hour, and fetches and pushes as far as it's for that", async () => {
    grant("write");
    const found = await connection.repositoryToken(task, "read");
    if (found.type !== "token") throw new Error(found.type);
    const minutes = (Date.parse(found.expiresAt) - Date.now()) / 60_000;
    expect(Math.round(minutes)).toBe(60);
    const { clone, commit } = await commitOn("pushed", found.token, hello);
    const push = git(found.token, "-C", clone, "push", "origin", "HEAD");
    await expect(push).rejects.toThrow("denied to copilot-task-bot[bot]");
    await git(await tokenOf("write"), "-C", clone, "push", "--quiet", "origin", "HEAD");
    expect(github.git.branches(hello)["pushed"]).toBe(commit);
  });

  test("that the App, or the organization, doesn't allow", async () => {
    const missing = { name: "contents", level: "write" };
    grant("read", "read");
    expect(await connection.repositoryToken(task, "write")).toEqual({
      type: "not_permitted",
      missing: {
        ...missing,
        grantedBy: "app",
        page: `http://${github.host}/settings/apps/copilot-task-bot/permissions`,
      },
    });
    grant("read");
    expect(await connection.repositoryToken(task, "write")).toMatchObject({
      missing: { ...missing, grantedBy: "account" },
    });
  });

  test("for a repository that was taken from the installation", async () => {
    await github.installation.removeRepository("hello");
    const found = await connection.repositoryToken(task, "read");
    expect(found).toEqual({ type: "not_permitted", missing: null });
    await github.installation.addRepository("hello");
  });
});

describe("a draft pull request", () => {
  const PULLS = "/repos/octo-org/hello/pulls";
  const TASK = { base: "main", title: "Fix #1: It", body: "Fixes #1" };

  /** A branch with a commit. */
  async function branchNamed(branch: string) {
    await github.git.commit(hello, { files: { [branch]: "fixed" }, branch });
    return { ...TASK, branch };
  }

  test("is opened once, by the App, and found then", async () => {
    const pull = await branchNamed("copilot/fix-1-aaaa");
    const opened = await connection.openDraftPull(task, pull);
    expect(opened).toMatchObject({ type: "pull", isNew: true, isOpen: true });
    expect(await connection.openDraftPull(task, pull)).toEqual({ ...opened, isNew: false });
    await github.until(() => github.deliveries.at(-1)?.event === "pull_request");
    const delivery = github.deliveries.at(-1);
    expect(delivery?.payload).toMatchObject({
      action: "opened",
      pull_request: {
        draft: true,
        title: TASK.title,
        body: TASK.body,
        head: { ref: pull.branch },
        base: { ref: "main" },
        user: { login: github.botLogin },
      },
    });
    expect(github.deliveries.flatMap(payloadProblems)).toEqual([]);
  });

  test("is opened once, though an answer got lost", async () => {
    const pull = await branchNamed("copilot/fix-2-bbbb");
    github.failNext({ method: "POST", path: PULLS }, "perform and drop");
    await expect(connection.openDraftPull(task, pull)).rejects.toThrow("");
    const found = await connection.openDraftPull(task, pull);
    expect(found).toMatchObject({ type: "pull", isNew: false });
  });

  test("is opened once by two that ask together", async () => {
    const pull = await branchNamed("copilot/fix-3-cccc");
    const both = [0, 1].map(() => connection.openDraftPull(task, pull));
    const opened = await Promise.all(both);
    const numbers = opened.map((it) => it.type === "pull" && it.number);
    expect(new Set(numbers).size).toBe(1);
    expect(opened.filter((it) => it.type === "pull" && it.isNew)).toHaveLength(1);
  });

  test("that was closed stays closed", async () => {
    const pull = await branchNamed("copilot/fix-4-dddd");
    const opened = await connection.openDraftPull(task, pull);
    if (opened.type !== "pull") throw new Error(opened.type);
    await github.as("octocat").close({ ...hello, number: opened.number });
    const found = await connection.openDraftPull(task, pull);
    expect(found).toEqual({ ...opened, isNew: false, isOpen: false });
  });

  test("of a branch that the base has already", async () => {
    await github.as("octocat").createBranch(hello, "same");
    const opened = connection.openDraftPull(task, { ...TASK, branch: "same" });
    expect(await opened).toEqual({ type: "nothing_new" });
  });

  test("that the App may not open", async () => {
    github.installation.permissions["pull_requests"] = "read";
    const pull = await branchNamed("copilot/fix-5-eeee");
    expect(await connection.openDraftPull(task, pull)).toMatchObject({
      type: "not_permitted",
      missing: { name: "pull_requests", level: "write", grantedBy: "account" },
    });
  });
});
