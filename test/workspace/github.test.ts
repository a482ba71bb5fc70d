import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Octokit } from "@octokit/rest";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { pullRequestOf } from "../../src/core/comment/pull-request.ts";
import { hostsOf } from "../../src/core/github/hosts.ts";
import { gitUrlOf } from "../../src/core/github/repository-urls.ts";
import { branchOfTask } from "../../src/core/workspace/names.ts";
import type { GitHubConnection } from "../../src/github/connection.ts";
import { connectToGitHub } from "../../src/github/connection.ts";
import { runIsolated } from "../../src/workspace/isolated.ts";
import { GitWorkspaces } from "../../src/workspace/workspaces.ts";
import { taskWith } from "../core/task.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { bubblewrap } from "../isolation/isolations.ts";

const LIMITS = { memory: 2 ** 28, processes: 64, disk: 2 ** 25, freeDisk: 0, time: 60_000 };

const root = mkdtempSync(join(tmpdir(), "workspace-github-"));
const options = { directory: join(root, "own"), isolation: bubblewrap(root), limits: LIMITS };
const workspaces = new GitWorkspaces(options);

let github: LoopbackGitHub;
let connection: GitHubConnection;
let repositoryId: number;

beforeAll(async () => {
  chmodSync(root, 0o711);
  github = await startGitHub();
  Object.assign(github.app.permissions, { contents: "write" });
  await github.installation.acceptPermissions();
  const { appId, privateKey, host } = github;
  const baseUrl = `http://${host}/api/v3`;
  const identity = { appId, privateKey, baseUrl, throttled: false };
  connection = await connectToGitHub(identity, pino({ level: "silent" }));
  const octocat = new Octokit({ auth: github.as("octocat").token, baseUrl });
  repositoryId = (await octocat.rest.repos.get(hello)).data.id;
});
afterAll(async () => {
  await github.close();
  rmSync(root, { recursive: true });
});

describe.skipIf(!hasBubblewrap)("an agent's commits", () => {
  test("go from a task's commit on GitHub to a draft pull request, with tokens for that alone", async () => {
    const commit = await github.git.commit(hello, { files: { "src/a.ts": "broken\n" } });
    const issue = await github.as("octocat").openIssue(hello, { title: "It's broken" });
    const place = { installationId: github.installationId, repositoryId };
    const subject = { type: "issue", number: issue.number } as const;
    const task = taskWith({ place, subject, decision: { kind: "fix", branch: "main", commit } });
    const branch = { kind: "fix", number: issue.number, id: "0b4f9bd6" };
    const hosts = hostsOf({ GHE_HOST: github.host, GHE_PROTOCOL: "http" });
    const url = gitUrlOf(hosts, hello.owner, hello.repo);

    const tokens: string[] = [];

    /** With a token for reading or for writing. */
    async function requestWith(access: "read" | "write") {
      const found = await connection.repositoryToken(task, access);
      if (found.type !== "token") throw new Error(found.type);
      const { token } = found;
      tokens.push(token, btoa(`x-access-token:${token}`));
      return {
        id: "0b4f9bd6",
        repositoryId,
        commit,
        branch,
        access: { protocol: "http" as const, url, token },
      };
    }

    const workspace = await workspaces.create(await requestWith("read"));
    const script =
      'test "$(cat src/a.ts)" = broken; echo fixed > src/a.ts; git commit -qam "Fix it"';
    expect(await runIsolated(options, { workspace, script, args: [] })).toMatchObject({
      status: 0,
    });
    const search = spawnSync("grep", ["-rlF", ...tokens.flatMap((one) => ["-e", one]), root]);
    expect([search.status, search.stdout.toString()]).toEqual([1, ""]);

    await expect(workspaces.push(await requestWith("read"))).rejects.toThrow(
      "Permission to octo-org/hello.git denied",
    );
    const pushed = await workspaces.push(await requestWith("write"));
    const name = branchOfTask(branch);
    expect(pushed).toEqual({ type: "pushed", commit: github.git.branches(hello)[name] });
    expect(github.git.files(hello, name)).toMatchObject({ "src/a.ts": "fixed\n" });
    expect(github.git.commits(hello, name)[0]).toMatchObject({
      message: "Fix it",
      parents: [commit],
    });
    expect(await workspaces.push(await requestWith("write"))).toEqual(pushed);

    const text = pullRequestOf(task, "It's broken", hosts);
    const pull = { branch: name, base: "main", ...text };
    const opened = await connection.openDraftPull(task, pull);
    expect(opened).toMatchObject({ type: "pull", isNew: true });
    expect(await connection.openDraftPull(task, pull)).toEqual({ ...opened, isNew: false });
    const number = opened.type === "pull" ? opened.number : 0;
    expect(await github.thread(hello.owner, hello.repo, number)).toMatchObject({
      title: `Fix #${issue.number}: It's broken`,
      body: expect.stringMatching(new RegExp(`^Fixes #${issue.number}\n`, "u")),
    });
    // The App pushed, and nobody else asked Git for anything.
    const asked = github.requests.filter(({ path }) => path.includes(".git/"));
    expect(new Set(asked.map(({ by }) => by))).toEqual(new Set([github.botLogin]));
  });
});
