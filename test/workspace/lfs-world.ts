import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { SeededFile } from "../../sandbox/github/git/control.ts";
import type { LoopbackGitHub } from "../../sandbox/github/loopback.ts";
import { hello } from "../../sandbox/github/seed.ts";
import { startGitHub } from "../../sandbox/github/server.ts";
import { runIsolated } from "../../src/workspace/isolated.ts";
import { GitWorkspaces } from "../../src/workspace/workspaces.ts";
import { bubblewrap } from "../isolation/isolations.ts";

const LIMITS = { memory: 2 ** 28, processes: 64, disk: 2 ** 25, freeDisk: 0, time: 60_000 };

/** Where the objects of `octo-org/hello` are asked for. */
export const BATCH = "/octo-org/hello.git/info/lfs/objects/batch";

/** A GitHub whose `octo-org/hello` has files in Git LFS, and workspaces on this machine. To be called once, at the top. */
export function useLfsWorld() {
  const root = mkdtempSync(join(tmpdir(), "lfs-"));
  const logged: object[] = [];
  const log = {
    warn: (fields: object, message: string) => void logged.push({ ...fields, message }),
  };
  const directory = join(root, "own");
  const options = { directory, isolation: bubblewrap(root), limits: LIMITS, log };
  const workspaces = new GitWorkspaces(options);
  const trap = createTrap();
  let github: LoopbackGitHub;

  beforeAll(async () => {
    chmodSync(root, 0o711);
    github = await startGitHub();
    await trap.open();
  });
  afterAll(async () => {
    await github.close();
    trap.close();
    rmSync(root, { recursive: true });
  });

  return {
    get github() {
      return github;
    },
    trap,
    workspaces,
    logged,
    /** Where the mirror keeps its objects. */
    objects: join(directory, "mirrors", "3.git", "lfs"),
    /** A request for a new commit with these files. */
    async request(id: string, files: Readonly<Record<string, SeededFile>>) {
      const attributes = "*.bin filter=lfs diff=lfs merge=lfs -text\n";
      const commit = await github.git.commit(hello, {
        files: { ".gitattributes": attributes, ...files },
      });
      const { token } = github.as("octocat");
      return {
        id,
        repositoryId: 3,
        commit,
        branch: { kind: "fix", number: 7, id },
        access: { protocol: "http", url: github.git.url(hello), token },
        checkout: ["lfs"],
      } as const;
    },
    /** What an agent's script prints. */
    async agent(id: string, script: string): Promise<string> {
      const path = join(root, "printed");
      const workspace = workspaces.placeOf({ id, repositoryId: 3 });
      const output = { path, maxBytes: 100_000 };
      await runIsolated(options, { workspace, script, args: [], output });
      return readFileSync(path, "utf8").trim();
    },
    /** What GitHub was asked of LFS. */
    asked: () =>
      github.requests
        .filter(({ path }) => path.includes("/lfs/"))
        .map(({ by, method, path, status }) => `${by} ${method} ${path} ${status}`),
  };
}

/** A server to which nothing may connect. */
function createTrap() {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.end("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret");
  });
  return {
    async open(): Promise<void> {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
    },
    get port(): number {
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("The trap isn't open");
      return address.port;
    },
    connections: () => connections,
    close: () => void server.close(),
  };
}

/** The id of an object. */
export function oidOf(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}
