import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { compileRuntime, filesOf } from "../../src/hosting/compiled.ts";
import { observe } from "../copilot/observed.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { none } from "../isolation/isolations.ts";
import { isComplete } from "../runs.ts";
import { temporaryDirectory } from "../store/opened.ts";
import { git } from "../workspace/hostile-repository.ts";
import { LIMITS, open, openOn, useHostingWorld } from "./world.ts";

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

test("sandboxes see the runtime, and nothing that lies beside it", () => {
  const directory = temporaryDirectory();
  const [file, script] = [join(directory, "copilot"), join(directory, "index.js")];
  expect(filesOf(file)).toEqual([file]);
  expect(filesOf(script)).toEqual([process.execPath, script]);
  for (const [name, seen] of [
    ["copilot-task-bot", file],
    ["@github/copilot-linux-x64", directory],
  ] as const) {
    writeFileSync(join(directory, "package.json"), JSON.stringify({ name }));
    expect(filesOf(file)).toEqual([seen]);
  }
});

test("compiled code doesn't outlive a time without isolation", async () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "compiled", "0123456789abcdef"), { recursive: true });
  const parts = { directory, program: "/opt/copilot", isolation: none(directory), limits: LIMITS };
  await compileRuntime(parts, { rehearse: () => Promise.reject(new Error("not started")) });
  expect(readdirSync(directory)).not.toContain("compiled");
});

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
