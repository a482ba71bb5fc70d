import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { blocked, hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { payloadProblems } from "./description.ts";
import { useGit } from "./git.ts";
import { octokitOf } from "./installation.ts";

let github: LoopbackGitHub;
let octocat: Octokit;

const { at, git, readToken, writeToken, commitOn } = useGit(() => github);

beforeAll(async () => {
  github = await startGitHub();
  Object.assign(github.installation.permissions, { contents: "write" });
  octocat = new Octokit({
    auth: github.as("octocat").token,
    baseUrl: `http://${github.host}/api/v3`,
  });
});
afterAll(() => github.close());

describe("cloning", () => {
  test("gives the commits and files that the API reports", async () => {
    await git(null, "clone", "--quiet", github.git.url(hello), "clone");
    const { data } = await octocat.rest.repos.getBranch({ ...hello, branch: "feature" });
    const clone = at("clone");
    expect(await git(null, "-C", clone, "rev-parse", "origin/feature")).toBe(data.commit.sha);
    expect(await git(null, "-C", clone, "rev-parse", "origin/feature^{tree}")).toBe(
      data.commit.commit.tree.sha,
    );
    expect(await git(null, "-C", clone, "log", "-1", "--format=%an: %s", "origin/feature")).toBe(
      "octocat: Write src/greeting.ts",
    );
    await git(null, "-C", clone, "switch", "--quiet", "feature");
    expect(await readFile(join(clone, "src", "greeting.ts"), "utf8")).toBe(
      'export const greeting = "Hello";\n',
    );
    expect(await git(null, "-C", clone, "fsck", "--strict", "--no-progress")).toBe("");
  });

  test("gives modes, links, and submodules as they were committed", async () => {
    const commit = await github.git.commit(blocked, {
      files: {
        "bin/run": { content: "#!/bin/sh\n", mode: "100755" },
        "bin.txt": "sorted behind the directory",
        away: { content: "/etc/passwd", mode: "120000" },
        other: { submodule: "1".repeat(40) },
      },
      message: "Add all kinds",
      branch: "kinds",
    });
    await git(null, "clone", "--quiet", "--branch", "kinds", github.git.url(blocked), "clone");
    const clone = at("clone");
    expect(await git(null, "-C", clone, "rev-parse", "HEAD")).toBe(commit);
    expect((await git(null, "-C", clone, "ls-tree", "-r", "HEAD")).split("\n")).toEqual([
      expect.stringMatching(/^100644 blob \w+\tREADME\.md$/u),
      expect.stringMatching(/^120000 blob \w+\taway$/u),
      expect.stringMatching(/^100644 blob \w+\tbin\.txt$/u),
      expect.stringMatching(/^100755 blob \w+\tbin\/run$/u),
      expect.stringMatching(/^160000 commit 1{40}\tother$/u),
    ]);
    expect((await stat(join(clone, "bin", "run"))).mode & 0o100).toBe(0o100);
  });

  test("fetches a single commit by its id, also one that no branch has anymore", async () => {
    const commit = await github.git.commit(hello, { files: { "a.txt": "a" }, branch: "gone" });
    await github.as("octocat").deleteBranch(hello, "gone");
    const other = await github.git.commit(hello, { files: { "b.txt": "b" }, branch: "kept" });
    const token = await readToken("hello");
    await git(null, "init", "--quiet", "--bare", ".");
    await git(token, "fetch", "--quiet", "--depth=1", github.git.url(hello), other);
    expect(await git(null, "cat-file", "-t", other)).toBe("commit");
    // It was on no disk while its branch was there.
    await expect(git(token, "fetch", github.git.url(hello), commit)).rejects.toMatchObject({
      stderr: expect.stringContaining("not our ref"),
    });
  });

  test("has pull requests, from forks too", async () => {
    const head = "stranger:patch-1";
    const pull = await github.as("stranger").openPullRequest(hello, { title: "Patch", head });
    const refs = await git(null, "ls-remote", github.git.url(hello), "refs/pull/*");
    expect(refs).toContain(`${pull.head.sha}\trefs/pull/${pull.number}/head`);
    await git(null, "init", "--quiet", "--bare", ".");
    await git(null, "fetch", "--quiet", github.git.url(hello), pull.head.sha);
  });
});

describe("pushing", () => {
  test("changes a branch as the API reports it, and its pull request follows", async () => {
    const token = await writeToken("hello");
    const { clone, commit } = await commitOn("copilot/fix-7", token, hello);
    await git(token, "-C", clone, "push", "--quiet", "origin", "HEAD");
    const branch = "copilot/fix-7";
    const { data } = await octocat.rest.repos.getBranch({ ...hello, branch });
    expect(data.commit).toMatchObject({
      sha: commit,
      author: null,
      commit: {
        message: "Fix it\n\nFor good.",
        author: { name: "Copilot", email: "copilot@example.com" },
      },
    });
    const bot = await octokitOf(github, github.installationId);
    const about = `{ repository(owner: "octo-org", name: "hello") {
      ref(qualifiedName: "copilot/fix-7") { target { oid } }
      object(expression: "copilot/fix-7:fix.txt") { ... on Blob { text } } } }`;
    expect(await bot.graphql(about)).toEqual({
      repository: { ref: { target: { oid: commit } }, object: { text: "fixed\n" } },
    });
    expect(github.git.branches(hello)).toMatchObject({ [branch]: commit });
    expect(github.git.files(hello, branch)).toMatchObject({ "fix.txt": "fixed\n" });
    const [latest, before] = github.git.commits(hello, branch);
    expect(latest).toEqual({
      id: commit,
      message: "Fix it\n\nFor good.",
      author: { name: "Copilot", email: "copilot@example.com" },
      parents: [before?.id],
    });

    const pull = await github.as("octocat").openPullRequest(hello, { title: "Fix", head: branch });
    await writeFile(join(clone, "more.txt"), "more\n");
    await git(null, "-C", clone, "add", ".");
    await git(null, "-C", clone, "commit", "--quiet", "--message", "Do more");
    await git(token, "-C", clone, "push", "--quiet", "origin", "HEAD");
    const tip = await git(null, "-C", clone, "rev-parse", "HEAD");
    await github.until(() => github.deliveries.at(-1)?.action === "synchronize");
    expect(github.deliveries.at(-1)?.payload).toMatchObject({
      number: pull.number,
      before: commit,
      after: tip,
      sender: { login: github.botLogin },
    });
    const { data: shown } = await octocat.rest.pulls.get({ ...hello, pull_number: pull.number });
    expect(shown).toMatchObject({ head: { sha: tip }, commits: 2, changed_files: 2 });
    expect(github.deliveries.flatMap(payloadProblems)).toEqual([]);
  });

  test("goes on from what was committed over the API, and the other way round", async () => {
    const token = await writeToken("hello");
    const { clone } = await commitOn("both", token, hello);
    await git(token, "-C", clone, "push", "--quiet", "origin", "HEAD");
    await github.as("octocat").commitFile(hello, { path: "c.txt", content: "c", branch: "both" });
    await git(token, "-C", clone, "pull", "--quiet", "origin", "both");
    expect(await readFile(join(clone, "c.txt"), "utf8")).toBe("c");
    await writeFile(join(clone, "c.txt"), "changed");
    await git(null, "-C", clone, "commit", "--quiet", "--all", "--message", "Change it");
    await git(token, "-C", clone, "push", "--quiet", "origin", "HEAD");
    expect(github.git.files(hello, "both")).toMatchObject({ "c.txt": "changed" });
  });

  test("over others' commits is refused, unless by force", async () => {
    const token = await writeToken("hello");
    const { clone, commit } = await commitOn("mine", token, hello);
    const theirs = await github.git.commit(hello, { files: { x: "x" }, branch: "mine" });
    const push = git(token, "-C", clone, "push", "origin", "HEAD");
    await expect(push).rejects.toMatchObject({ stderr: expect.stringContaining("[rejected]") });
    expect(github.git.branches(hello)["mine"]).toBe(theirs);
    await git(token, "-C", clone, "push", "--quiet", "--force", "origin", "HEAD");
    expect(github.git.branches(hello)["mine"]).toBe(commit);
  });

  test("deletes a branch, but not the default one, and changes no pull request's ref", async () => {
    const token = await writeToken("hello");
    const { clone } = await commitOn("short", token, hello);
    await git(token, "-C", clone, "push", "--quiet", "origin", "HEAD");
    await git(token, "-C", clone, "push", "--quiet", "origin", ":short");
    expect(github.git.branches(hello)).not.toHaveProperty("short");
    for (const refused of [":main", "HEAD:refs/pull/1/head"]) {
      await expect(git(token, "-C", clone, "push", "origin", refused)).rejects.toMatchObject({
        stderr: expect.stringContaining("[remote rejected]"),
      });
    }
  });
});

test("a former name leads to the current one", async () => {
  await github.as("octocat").rename(blocked, "unblocked");
  const { status, headers } = await fetch(
    `${github.git.url(blocked)}/info/refs?service=git-upload-pack`,
    { redirect: "manual" },
  );
  expect(status).toBe(301);
  const now = { ...blocked, repo: "unblocked" };
  const location = `${github.git.url(now)}/info/refs?service=git-upload-pack`;
  expect(headers.get("location")).toBe(location);
  await git(null, "ls-remote", github.git.url(now));
  await github.as("octocat").rename(now, blocked.repo);
});

test("a push whose answer gets lost was a push", async () => {
  const token = await writeToken("hello");
  const { clone, commit } = await commitOn("lost", token, hello);
  const path = "/octo-org/hello.git/git-receive-pack";
  github.failNext({ method: "POST", path }, "perform and drop");
  await expect(git(token, "-C", clone, "push", "origin", "HEAD")).rejects.toThrow("");
  expect(github.git.branches(hello)["lost"]).toBe(commit);
  const last = { by: github.botLogin, method: "POST", path, status: null };
  expect(github.requests.at(-1)).toMatchObject(last);
});
