import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach } from "vitest";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import type { RepositoryName } from "../../sandbox/github/shapes.ts";
import { octokitOf } from "./installation.ts";

/** Git as the bot uses it, with the tokens of an installation, in a directory that each test has for itself. */
export function useGit(github: () => LoopbackGitHub) {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "github-git-"));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  /** Runs Git with a token; gives what it prints. Rejects with `stderr`. */
  async function git(token: string | null, ...args: string[]): Promise<string> {
    const header = `Authorization: Basic ${btoa(`x-access-token:${token}`)}`;
    const settings = [
      "user.name=Copilot",
      "user.email=copilot@example.com",
      "http.followRedirects=false",
      ...(token === null ? [] : [`http.extraHeader=${header}`]),
    ];
    const options = settings.flatMap((setting) => ["-c", setting]);
    const quiet = { GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
    const env = { PATH: process.env["PATH"], HOME: directory, ...quiet };
    const run = promisify(execFile)("git", ["-C", directory, ...options, ...args], { env });
    return (await run).stdout.trim();
  }

  /** An installation token for repositories, with permissions. */
  async function tokenFor(
    repositories: readonly string[],
    permissions: Readonly<Record<string, string>>,
  ): Promise<string> {
    const app = await octokitOf(github());
    const { data } = await app.request("POST /app/installations/{installation_id}/access_tokens", {
      installation_id: github().installationId,
      repositories: [...repositories],
      permissions,
    });
    return data.token;
  }

  return {
    /** A path in the test's directory. */
    at: (...names: string[]) => join(directory, ...names),
    git,
    tokenFor,
    writeToken: (...repositories: string[]) => tokenFor(repositories, { contents: "write" }),
    readToken: (...repositories: string[]) => tokenFor(repositories, { contents: "read" }),
    /** Clones with a token, and commits a file on a new branch there. */
    commitOn: async (branch: string, token: string, place: RepositoryName) => {
      await git(token, "clone", "--quiet", github().git.url(place), "clone");
      const clone = join(directory, "clone");
      await git(null, "-C", clone, "switch", "--quiet", "--create", branch);
      await writeFile(join(clone, "fix.txt"), "fixed\n");
      await git(null, "-C", clone, "add", ".");
      await git(null, "-C", clone, "commit", "--quiet", "--message", "Fix it\n\nFor good.");
      return { clone, commit: await git(null, "-C", clone, "rev-parse", "HEAD") };
    },
  };
}
