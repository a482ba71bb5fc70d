import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { useAgentWorld } from "./agent-world.ts";
import { git } from "./hostile-repository.ts";

const LIMITS = { memory: 2 ** 28, processes: 64, disk: 2 ** 25, freeDisk: 0, time: 60_000 };
const COMMIT_ALL = "git add -A && git commit -qm change";

const world = useAgentWorld("pushes", LIMITS);
const { remote, directory, commit, workspaces, requestFor } = world;

async function agent(id: string, script: string): Promise<string> {
  return (await world.agent(id, script)).trim();
}

describe.skipIf(!hasBubblewrap)("an agent's commits", () => {
  test("aren't pushed over somebody else's commits", async () => {
    await workspaces.create(requestFor("b001"));
    await agent("b001", `echo x >> README.md; ${COMMIT_ALL}`);
    const tree = git(remote, ["rev-parse", "main^{tree}"]);
    const foreign = git(remote, ["commit-tree", tree, "-p", commit, "-m", "somebody else's"]);
    git(remote, ["update-ref", "refs/heads/copilot/fix-7-b001", foreign]);
    expect(await workspaces.push(requestFor("b001"))).toEqual({
      type: "stopped",
      reason: "foreign_commits",
    });
    expect(git(remote, ["rev-parse", "copilot/fix-7-b001"])).toBe(foreign);
  });

  test("are pushed again when the agent has amended or dropped them, and then never over somebody else's", async () => {
    const branch = "copilot/fix-7-b002";
    const request = requestFor("b002");
    const push = async () => {
      const outcome = await workspaces.push(request);
      return outcome.type === "stopped" ? outcome.reason : outcome.commit;
    };
    await workspaces.create(request);
    const first = await agent("b002", `echo x >> README.md; ${COMMIT_ALL}; git rev-parse HEAD`);
    expect(await push()).toBe(first);
    const amended = await agent("b002", "git commit -q --amend -m amended; git rev-parse HEAD");
    expect(amended).not.toBe(first);
    expect(await push()).toBe(amended);
    expect(git(remote, ["rev-parse", branch])).toBe(amended);
    const more = await agent("b002", `echo y >> README.md; ${COMMIT_ALL}; git rev-parse HEAD`);
    expect(await push()).toBe(more);
    await agent("b002", "git reset -q --hard HEAD^");
    expect(await push()).toBe(amended);
    expect(git(remote, ["rev-parse", branch])).toBe(amended);

    const tree = git(remote, ["rev-parse", "main^{tree}"]);
    const foreign = git(remote, ["commit-tree", tree, "-p", amended, "-m", "somebody else's"]);
    git(remote, ["update-ref", `refs/heads/${branch}`, foreign]);
    await agent("b002", "git commit -q --amend -m again");
    expect(await push()).toBe("foreign_commits");
    expect(git(remote, ["rev-parse", branch])).toBe(foreign);
  });

  test("are pushed once at a time, in a directory that a push that was killed doesn't disturb", async () => {
    const request = requestFor("b003");
    await workspaces.create(request);
    const made = await agent("b003", `echo x >> README.md; ${COMMIT_ALL}; git rev-parse HEAD`);
    mkdirSync(join(directory, "tasks", "b003", "push-killed"));
    const outcomes = await Promise.all([1, 2, 3].map(async () => workspaces.push(request)));
    const pushed = { type: "pushed", commit: made };
    expect(outcomes).toEqual([pushed, pushed, pushed]);
    expect(readdirSync(join(directory, "tasks", "b003"))).toEqual([
      "borrowed",
      "pushed",
      "workspace",
    ]);
  });
});
