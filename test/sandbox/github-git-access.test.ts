import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { fork, hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { useGit } from "./git.ts";

const secret = { owner: "octo-org", repo: "secret" } as const;

let github: LoopbackGitHub;

const { git, readToken, tokenFor, writeToken, commitOn } = useGit(() => github);

beforeAll(async () => {
  github = await startGitHub({ repositories: [{ name: secret.repo, private: true }] });
  Object.assign(github.installation.permissions, { contents: "write" });
});
afterAll(() => github.close());

describe("who may", () => {
  const NOT_FOUND = { stderr: expect.stringMatching(/Repository not found\.\n.*not found/su) };
  const DENIED = `remote: Permission to octo-org/hello.git denied to copilot-task-bot[bot].`;

  test("read what is public: everybody; what's private: nobody without a token", async () => {
    await git(null, "ls-remote", github.git.url(hello));
    const url = github.git.url(secret);
    await expect(git(null, "ls-remote", url)).rejects.toMatchObject({
      stderr: expect.stringContaining("could not read Username"),
    });
    const answer = await fetch(`${url}/info/refs?service=git-upload-pack`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe('Basic realm="GitHub"');
    expect(await answer.text()).toBe("Repository not found.\n");
  });

  test("read with the installation's token: what the token is for", async () => {
    await git(await readToken("secret"), "ls-remote", github.git.url(secret));
    const other = git(await readToken("hello"), "ls-remote", github.git.url(secret));
    await expect(other).rejects.toMatchObject(NOT_FOUND);
    const unpermitted = await tokenFor(["secret"], { metadata: "read" });
    const without = git(unpermitted, "ls-remote", github.git.url(secret));
    await expect(without).rejects.toMatchObject(NOT_FOUND);
  });

  test("push: who has `contents: write` for the repository", async () => {
    const token = await writeToken("hello");
    const { clone } = await commitOn("denied", token, hello);
    for (const weak of [await readToken("hello"), await writeToken("secret")]) {
      const push = git(weak, "-C", clone, "push", "origin", "HEAD");
      await expect(push).rejects.toMatchObject({ stderr: expect.stringContaining(DENIED) });
    }
    expect(github.git.branches(hello)).not.toHaveProperty("denied");
    const nobody = git(null, "-C", clone, "push", "origin", "HEAD");
    await expect(nobody).rejects.toThrow("could not read Username");
    const reader = git(github.as("reader").token, "-C", clone, "push", "origin", "HEAD");
    await expect(reader).rejects.toThrow("denied to reader");
    await git(github.as("writer").token, "-C", clone, "push", "--quiet", "origin", "HEAD");
    expect(github.git.branches(hello)).toHaveProperty("denied");
  });

  test("nobody with a token that has ended, or that GitHub doesn't know", async () => {
    const token = await readToken("hello");
    await git(token, "ls-remote", github.git.url(hello));
    github.clockOffsetMs = 3_600_000;
    const late = git(token, "ls-remote", github.git.url(hello));
    // Git asks for another one.
    await expect(late).rejects.toThrow("could not read Username");
    github.clockOffsetMs = 0;
    const authorization = `Basic ${btoa("x-access-token:ghs_unknown")}`;
    const url = `${github.git.url(hello)}/info/refs?service=git-upload-pack`;
    const answer = await fetch(url, { headers: { authorization } });
    expect([answer.status, await answer.text()]).toEqual([
      401,
      expect.stringContaining("Invalid username or token."),
    ]);
  });

  test("nobody while the organization's IP allow list lacks the bot's address", async () => {
    const token = await readToken("hello");
    github.network.ipIsBlocked = true;
    const asked = git(token, "ls-remote", github.git.url(hello));
    await expect(asked).rejects.toThrow("IP allow list enabled");
    github.network.ipIsBlocked = false;
  });

  test("push to an archived repository: nobody", async () => {
    const token = await writeToken("secret");
    const { clone } = await commitOn("late", token, secret);
    await github.as("octocat").archive(secret);
    const push = git(token, "-C", clone, "push", "origin", "HEAD");
    await expect(push).rejects.toThrow("archived so it is read-only");
    await github.as("octocat").unarchive(secret);
  });
});

test("a fork is pushed to by its owner alone", async () => {
  const { token } = github.as("stranger");
  const { clone, commit } = await commitOn("patch-2", token, fork);
  await git(token, "-C", clone, "push", "--quiet", "origin", "HEAD");
  expect(github.git.branches(fork)["patch-2"]).toBe(commit);
  const bot = await writeToken("hello");
  const push = git(bot, "-C", clone, "push", "origin", "HEAD:main");
  await expect(push).rejects.toThrow("Permission to stranger/hello.git denied");
});
