import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Octokit } from "@octokit/rest";
import { pino } from "pino";
import { afterAll, beforeAll } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { hello, organization } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { hostsOf } from "../../src/core/github/hosts.ts";
import { gitUrlOf } from "../../src/core/github/repository-urls.ts";
import type { Task } from "../../src/core/task/task.ts";
import type { GitHubConnection } from "../../src/github/connection.ts";
import { connectToGitHub } from "../../src/github/connection.ts";
import type { HostedSubmodule } from "../../src/ports/session-host.ts";
import { submodulesOf } from "../../src/runner/start/submodules.ts";
import { runIsolated } from "../../src/workspace/isolated.ts";
import { GitWorkspaces } from "../../src/workspace/workspaces.ts";
import { HOSTED, taskWith } from "../core/task.ts";
import { bubblewrap } from "../isolation/isolations.ts";

const LIMITS = { memory: 2 ** 28, processes: 64, disk: 2 ** 25, freeDisk: 0, time: 60_000 };

/** A repository of the organization's. */
export const own = (repo: string) => ({ owner: organization, repo });

/** Lines of `.gitmodules`: addresses by path. */
export function modules(all: Readonly<Record<string, string>>): string {
  return Object.entries(all)
    .map(([path, url]) => `[submodule "${path}"]\n\tpath = ${path}\n\turl = ${url}\n`)
    .join("");
}

/**
 * A GitHub with `hello`, and the private repositories `lib`, `nested`, and `secret`, which `writer` can't read; and
 * workspaces on this machine. To be called once, at the top.
 */
export function useSubmoduleWorld() {
  const root = mkdtempSync(join(tmpdir(), "submodules-"));
  const directory = join(root, "own");
  const logged: unknown[] = [];
  const log = { warn: (fields: object) => void logged.push(fields) };
  const options = { directory, isolation: bubblewrap(root), limits: LIMITS, log };
  const workspaces = new GitWorkspaces(options);
  let github: LoopbackGitHub;
  let connection: GitHubConnection;
  let helloId: number;
  const clientOf = (login: string) =>
    new Octokit({ auth: github.as(login).token, baseUrl: `http://${github.host}/api/v3` });

  beforeAll(async () => {
    chmodSync(root, 0o711);
    const names = ["lib", "nested", "secret"];
    github = await startGitHub({ repositories: names.map((name) => ({ name, private: true })) });
    Object.assign(github.app.permissions, { contents: "write" });
    await github.installation.acceptPermissions();
    await github.grant(own("secret"), "writer", "none");
    const { appId, privateKey } = github;
    const identity = {
      appId,
      privateKey,
      baseUrl: `http://${github.host}/api/v3`,
      throttled: false,
      requestAgainMs: 10,
    };
    connection = await connectToGitHub(identity, pino({ level: "silent" }));
    helloId = (await clientOf("octocat").rest.repos.get(hello)).data.id;
  });
  afterAll(async () => {
    await github.close();
    rmSync(root, { recursive: true });
  });

  /** A task of a person's for a commit of `hello`. */
  async function taskOf(login: string, commit: string): Promise<Task> {
    const user = await clientOf(login).rest.users.getAuthenticated();
    return taskWith(HOSTED, {
      place: { installationId: github.installationId, repositoryId: helloId },
      requester: { login, id: user.data.id },
      decision: { kind: "fix", branch: "main", commit },
      session: { hosting: { checkout: ["lfs", "submodules"] } },
    });
  }

  const hosts = () => hostsOf({ GHE_HOST: github.host, GHE_PROTOCOL: "http" });
  const accessTo = (repo: string, token: string) =>
    ({ protocol: "http", url: gitUrlOf(hosts(), organization, repo), token }) as const;

  return {
    get github() {
      return github;
    },
    get connection() {
      return connection;
    },
    get helloId() {
      return helloId;
    },
    root,
    workspaces,
    /** What the machine's log has. */
    logged,
    tasks: join(directory, "tasks"),
    taskOf,
    hosts,
    /** A new commit of `hello` with submodules, and which of them a task of a person's gets. */
    async submodulesIn(
      login: string,
      addresses: Readonly<Record<string, string>>,
      commits: Readonly<Record<string, string>>,
    ) {
      const links = Object.entries(commits).map(([path, submodule]) => {
        return [path, { submodule }] as const;
      });
      const files = { ".gitmodules": modules(addresses), ...Object.fromEntries(links) };
      const commit = await github.git.commit(hello, { files });
      const warnings: object[] = [];
      const written = {
        info() {},
        error() {},
        warn: (fields: object) => void warnings.push(fields),
      };
      const parts = { ports: { github: connection, log: written }, hosts: hosts() };
      const found = await submodulesOf(parts, await taskOf(login, commit));
      return { commit, found, logged: warnings };
    },
    requestFor(id: string, commit: string, submodules: readonly HostedSubmodule[] = []) {
      return {
        id,
        repositoryId: helloId,
        commit,
        branch: { kind: "fix", number: 7, id },
        access: accessTo(hello.repo, github.as("octocat").token),
        checkout: ["lfs", "submodules"] as const,
        submodules: submodules.map(({ path, repositoryId, repository, token, ...one }) => {
          return { path, repositoryId, commit: one.commit, access: accessTo(repository, token) };
        }),
      };
    },
    /** What an agent's script prints. */
    async agent(id: string, script: string): Promise<string> {
      const path = join(root, "printed");
      const workspace = workspaces.placeOf({ id, repositoryId: helloId });
      const output = { path, maxBytes: 100_000 };
      await runIsolated(options, { workspace, script, args: [], output });
      return readFileSync(path, "utf8").trim();
    },
  };
}
