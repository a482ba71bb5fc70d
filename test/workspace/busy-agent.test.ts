import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SandboxProgram } from "../../src/ports/isolation.ts";
import { runIsolated } from "../../src/workspace/isolated.ts";
import { GitWorkspaces } from "../../src/workspace/workspaces.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { bubblewrap, none } from "../isolation/isolations.ts";
import { processesWith } from "../isolation/outside.ts";
import { fillHostile, git } from "./hostile-repository.ts";

const LIMITS = { memory: 2 ** 28, processes: 64, disk: 2 ** 25, freeDisk: 0, time: 60_000 };
const TOKEN = `ghp_${"a1B2".repeat(9)}`;

const root = mkdtempSync(join(tmpdir(), "busy-agent-"));
const remote = join(root, "remote.git");
const directory = join(root, "own");
const access = { protocol: "file", url: `file://${remote}`, token: null } as const;
let commit = "";

beforeAll(() => {
  chmodSync(root, 0o711);
  mkdirSync(remote);
  commit = fillHostile(remote, root);
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

function requestFor(id: string) {
  return { id, repositoryId: 3, access, commit, branch: { kind: "fix", number: 7, id } };
}

/** Starts an agent that goes on until it's closed; resolves when it has printed a line, with that. */
async function startAgent(id: string, script: string) {
  const sandbox = await bubblewrap(root).open({
    command: ["/bin/bash", "-c", script, "agent"],
    workspace: join(directory, "tasks", id, "workspace"),
    state: null,
    readable: [join(directory, "mirrors", "3.git", "objects")],
    forwards: {},
    limits: LIMITS,
  });
  const { program, args } = sandbox.command;
  const child = spawn(program, args, { env: { ...sandbox.environment, TOKEN, COMMIT: commit } });
  sandbox.watch(child.pid ?? 0);
  const [line] = await once(child.stdout.setEncoding("utf8"), "data");
  return { line: String(line).trim(), close: async () => sandbox.close() };
}

/** Commits something good and two bad things, and then moves refs and swaps objects for as long as it lives. */
const RESTLESS = `
git config gc.auto 0
commit() { git add -A; git commit -qm "$1"; git rev-parse HEAD; }
echo good >> README.md; good=$(commit good)
git reset -q --hard "$COMMIT"; echo "$TOKEN" > key; key=$(commit key)
git reset -q --hard "$COMMIT"; mkdir -p .github/workflows; echo x > .github/workflows/x.yml; flow=$(commit flow)
object() { echo ".git/objects/\${1:0:2}/\${1:2}"; }
tree() { object $(git rev-parse "$1^{tree}"); }
a=$(tree $good); b=$(tree $key); cp $a a.saved; cp $b b.saved; chmod u+w $a $b
echo $good
while :; do
  for one in $good $key $good $flow; do git update-ref HEAD $one; done
  # The tree of the bad commit in the place of the good one's.
  cp b.saved $a.new; mv -f $a.new $a; git update-ref HEAD $good; sleep 0.02; cp a.saved $a.new; mv -f $a.new $a
  rm -f .git/HEAD; sleep 0.01; echo "ref: refs/heads/copilot/fix-7-a001" > .git/HEAD
done
`;

describe.skipIf(!hasBubblewrap)("an agent that's at work during a push", () => {
  test("never has pushed what wasn't examined", async () => {
    const workspaces = new GitWorkspaces({
      directory,
      isolation: bubblewrap(root),
      limits: LIMITS,
    });
    await workspaces.create(requestFor("a001"));
    const { line: good, close } = await startAgent("a001", RESTLESS);
    const outcomes = new Set<string>();
    for (let round = 0; round < 6; round += 1) {
      const both = [1, 2].map(async () => workspaces.push(requestFor("a001")));
      for (const outcome of await Promise.all(both)) {
        outcomes.add(
          outcome.type === "stopped" ? outcome.reason : `pushed ${outcome.commit === good}`,
        );
      }
      const there = git(remote, ["for-each-ref", "--format=%(objectname)", "refs/heads/copilot"]);
      expect(["", good]).toContain(there);
    }
    expect(await close()).toBe(null);
    // Whichever commit it was at that moment.
    expect(["pushed true", "credentials", "workflow_changes", "unreadable"]).toEqual(
      expect.arrayContaining([...outcomes]),
    );
    expect(outcomes.size).toBeGreaterThan(1);
    expect(git(remote, ["log", "--all", "--patch", "--format=%B"])).not.toContain(TOKEN);
    const kept = readdirSync(join(directory, "tasks", "a001"));
    expect(kept.filter((name) => name !== "pushed")).toEqual(["borrowed", "workspace"]);
  });

  test("can't keep a push waiting for longer than its time", async () => {
    const limits = { ...LIMITS, time: 2000 };
    const workspaces = new GitWorkspaces({ directory, isolation: bubblewrap(root), limits });
    await workspaces.create(requestFor("a002"));
    const { close } = await startAgent("a002", "rm .git/HEAD; mkfifo .git/HEAD; echo; sleep 1000");
    expect(await workspaces.push(requestFor("a002"))).toEqual({
      type: "stopped",
      reason: "unreadable",
    });
    await close();
  });
});

test("output that somebody keeps open is no output", async () => {
  const isolation = none(root);
  const workspace = { directory: join(root, "open", "workspace"), objects: root, readable: [root] };
  await isolation.makeDirectory(join(root, "open"), workspace.directory, "sandboxes");
  const path = join(root, "open", "output");
  const run = async (script: string) =>
    runIsolated(
      { isolation, limits: LIMITS },
      { workspace, script, args: [], output: { path, maxBytes: 1000 } },
    );
  expect(await run("echo whole")).toEqual({ status: 0, isCut: false, exceeded: null });
  expect(readFileSync(path, "utf8")).toBe("whole\n");
  expect(await run("sleep 1000 & echo more")).toEqual({
    status: null,
    isCut: false,
    exceeded: null,
  });
  expect(await run("cat /dev/zero")).toEqual({ status: null, isCut: true, exceeded: null });
});

test("nothing stays of a script whose output can't be saved, or that can't be started", async () => {
  const own = join(root, "failing");
  const isolation = none(own);
  const workspace = { directory: join(own, "workspace"), objects: root, readable: [root] };
  await isolation.makeDirectory(own, workspace.directory, "sandboxes");
  const marker = `failing-${process.pid}`;
  const program = {
    workspace,
    script: "echo output; sleep 1000; true",
    args: [marker],
    output: { path: "/dev/full", maxBytes: 1000 },
  };
  await expect(runIsolated({ isolation, limits: LIMITS }, program)).rejects.toThrow("ENOSPC");
  await expect.poll(() => processesWith(marker)).toEqual([]);
  const command = { program: join(own, "nothing"), args: [] };
  const unstartable = {
    isIsolated: false,
    check: async () => isolation.check(),
    makeDirectory: async () => {},
    open: async <Forward extends string>(asked: SandboxProgram<Forward>) => ({
      ...(await isolation.open(asked)),
      command,
    }),
  };
  await expect(runIsolated({ isolation: unstartable, limits: LIMITS }, program)).rejects.toThrow(
    "ENOENT",
  );
  expect(readdirSync(join(own, "isolation", "homes"))).toEqual([]);
});
