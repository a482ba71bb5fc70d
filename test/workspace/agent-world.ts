import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { SandboxLimits } from "../../src/core/isolation/limits.ts";
import { GitWorkspaces } from "../../src/workspace/workspaces.ts";
import { bubblewrap } from "../isolation/isolations.ts";
import { runAgent } from "./agent.ts";
import { fillHostile } from "./hostile-repository.ts";

/** Workspaces of a hostile repository, and agents in them, for the tests of a file. */
export function useAgentWorld(name: string, limits: SandboxLimits) {
  const root = mkdtempSync(join(tmpdir(), `${name}-`));
  const outside = join(root, "outside");
  const remote = join(root, "remote.git");
  const directory = join(root, "own");
  chmodSync(root, 0o755);
  mkdirSync(outside);
  mkdirSync(remote);
  const commit = fillHostile(remote, outside);
  const isolation = bubblewrap(root);
  afterAll(() => {
    rmSync(root, { recursive: true });
  });
  const access = { protocol: "file", url: `file://${remote}`, token: null } as const;
  return {
    root,
    /** A directory that the repository names, and that no sandbox has. */
    outside,
    /** The repository, and its first commit. */
    remote,
    commit,
    access,
    /** Where the workspaces are. */
    directory,
    isolation,
    workspaces: new GitWorkspaces({ directory, isolation, limits }),
    requestFor: (id: string) => {
      return { id, repositoryId: 3, access, commit, branch: { kind: "fix", number: 7, id } };
    },
    /** What an agent does in its workspace; returns what it prints. */
    agent: (id: string, script: string, variables: Readonly<Record<string, string>> = {}) => {
      const env = { OUTSIDE: outside, COMMIT: commit, ...variables };
      return runAgent({ isolation, limits, directory, id, script, env });
    },
  };
}
