import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { observe } from "../copilot/observed.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { isComplete } from "../runs.ts";
import { git } from "../workspace/hostile-repository.ts";
import { open, openOn, useHostingWorld } from "./world.ts";

const world = useHostingWorld();

/** All files of the compiled code, with their sizes and times. */
function compiled(): readonly string[] {
  const directory = join(world.directory, "compiled");
  return readdirSync(directory, { recursive: true, encoding: "utf8" }).map((name) => {
    const { size, mtimeMs } = statSync(join(directory, name));
    return `${name} ${size} ${mtimeMs}`;
  });
}

const PLANTING = `cd "$NODE_COMPILE_CACHE" && ls -R | grep -c . && for file in */*; do echo 'x' > "$file"; done; rm -rf * ; touch planted`;
/** Where a runtime unpacks itself otherwise: in memory, in each sandbox. */
const UNPACKED = "ls ~/.cache/copilot/pkg ~/.copilot/pkg 2>/dev/null | sed 's/^/unpacked: /'";

const FAMILIES = isComplete ? (["older", "newer"] as const) : (["older"] as const);

function bash(command: string) {
  return { tool: "bash", arguments: { command, description: "plant" } };
}

describe.skipIf(!hasBubblewrap)("a machine that's prepared", () => {
  it.each(FAMILIES)(
    "starts runtimes of the %s family with compiled code, which no agent can change",
    async (family) => {
      const { missionControl } = world;
      const host = world.host(family);
      await host.prepare();
      const before = compiled();
      expect(before.length).toBeGreaterThan(2);
      const prompt = `Plant something in the ${family} one.`;
      missionControl.play({
        prompt,
        turns: [
          { calls: [bash(UNPACKED)] },
          [{ ifResult: "unpacked: ", says: "It's unpacked again." }, { calls: [bash(PLANTING)] }],
          { ifResult: "Read-only file system", says: "It's read-only." },
        ],
      });
      const session = await openOn(host, world.request());
      session.observe((seen) => {
        if (seen.type === "asked") void session.answer(seen.requestId, { approved: true });
      });
      const observed = observe(session);
      await session.deliver(prompt);
      await observed.next("said", ({ text }) => text === "It's read-only.");
      await session.detach();
      await host.prepare();
      expect(compiled()).toEqual(before);
    },
  );

  it("says what's wrong with a repository, also while the runtime starts", async () => {
    const { remote } = world;
    const blob = git(remote, ["hash-object", "-w", "--stdin"], "0".repeat(4 * 2 ** 20));
    const tree = git(remote, ["mktree"], `100644 blob ${blob}\tlarge.txt\n`);
    const commit = git(remote, ["commit-tree", "-m", "Grow", tree]);
    git(remote, ["update-ref", "refs/heads/large", commit]);
    const request = world.request({ commit });
    const opening = await open(world.host("older", { disk: 2 ** 21 }), request);
    expect(opening).toMatchObject({
      type: "failed",
      failure: { code: "limit_exceeded", nothingCreated: true },
    });
    expect(existsSync(join(world.directory, "tasks", request.taskId))).toBe(false);
  });
});
