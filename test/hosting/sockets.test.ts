import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { prepareSandbox } from "../../src/hosting/sandbox.ts";
import { removeTree } from "../../src/workspace/remove-tree.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { bubblewrap, isRoot, USER } from "../isolation/isolations.ts";
import { TOKENS } from "./world.ts";

const LIMITS = { memory: 2 ** 32, processes: 256, disk: 2 ** 29, freeDisk: 0, time: 120_000 };
/** An account that nothing else has, not even sandboxes. */
const SOMEBODY = { uid: 61_235, gid: 61_235 };
const SILENT = { info() {}, warn() {}, error() {} };

/** Whether a process of this account can connect to a socket. */
async function canConnect(
  account: { readonly uid: number; readonly gid: number },
  socket: string,
): Promise<boolean> {
  const connecting = promisify(execFile)("socat", ["/dev/null", `UNIX-CONNECT:${socket}`], account);
  return connecting.then(
    () => true,
    () => false,
  );
}

// Only root can be somebody else.
it.skipIf(!isRoot || !hasBubblewrap).each([
  { where: "among the bot's files", name: "own" },
  { where: "elsewhere, because their paths would be too long", name: "own".padEnd(60, "n") },
])("no other user of the machine gets to the sockets of a sandbox: $where", async ({ name }) => {
  const root = mkdtempSync(join(tmpdir(), "sockets-"));
  onTestFinished(() => removeTree(root));
  chmodSync(root, 0o711);
  const directory = join(root, name);
  const workspace = join(directory, "workspace");
  mkdirSync(workspace, { recursive: true });
  // Whoever runs the bot may have let everybody in.
  chmodSync(directory, 0o711);
  const sandbox = await prepareSandbox(
    {
      isolation: bubblewrap(root),
      directory,
      program: process.execPath,
      limits: LIMITS,
      upstreams: () => Promise.resolve({ copilot: "", github: "", mission_control: "" }),
      variables: {},
      exempt: [],
      log: SILENT,
    },
    {
      taskId: randomUUID(),
      sessionId: randomUUID(),
      owner: "octo-org",
      repository: "hello",
      ids: { owner: 1, repository: 2 },
      commit: "0".repeat(40),
      branch: { kind: "fix", number: 7, id: "abcd" },
      terms: { labels: [], egress: [], sharing: "never", push: "never", checkout: [] },
    },
    TOKENS,
    {
      sharedIds: [],
      workspace: { directory: workspace, objects: workspace, readable: [] },
      state: join(directory, "state"),
    },
  );
  onTestFinished(async () => void (await sandbox.close()));
  const sockets = sandbox.place.command.args.flatMap(
    (text) => text.match(/\/[^\s'":,]*\/(?:broker|proxy)\b/gu) ?? [],
  );
  expect(sockets.length).toBeGreaterThanOrEqual(2);
  for (const socket of sockets) {
    // The directory above lets everybody in again, as one whose bot ran as another account may.
    chmodSync(directory, 0o711);
    expect(await canConnect(SOMEBODY, socket)).toBe(false);
    expect(await canConnect(USER ?? SOMEBODY, socket)).toBe(true);
  }
});
