import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hello } from "../../sandbox/github/seed.ts";
import { LimitExceeded } from "../../src/core/isolation/limits.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { BATCH, oidOf, useLfsWorld } from "./lfs-world.ts";

const world = useLfsWorld();
const COMMIT_ALL = "git add -A && git commit -qm change";

const LARGE = "\0binary\n".repeat(100_000);

describe.skipIf(!hasBubblewrap)("files in Git LFS", () => {
  test("are there, look unchanged to Git, and come from the repository's own LFS, whatever it says itself", async () => {
    const evil = `http://127.0.0.1:${world.trap.port}/evil`;
    const request = await world.request("a001", {
      "large.bin": world.github.git.storeInLfs(hello, LARGE),
      "also/it's $(large).bin": world.github.git.storeInLfs(hello, LARGE),
      "empty.bin": "",
      // None: they're taken as they are.
      "plain.bin": "not in LFS",
      "docs.md": "version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 3\n",
      ".lfsconfig": `[lfs]\n\turl = ${evil}\n\tpushurl = ${evil}\n[remote "origin"]\n\tlfsurl = ${evil}\n`,
      ".gitconfig": `[lfs]\n\turl = ${evil}\n[http]\n\tproxy = ${evil}\n`,
      "hooks/post-checkout": { content: "#!/bin/sh\ntouch pwned\n", mode: "100755" },
    });
    const before = world.asked().length;
    await world.workspaces.create(request);
    const { directory } = world.workspaces.placeOf(request);
    expect(readFileSync(join(directory, "large.bin"), "utf8") === LARGE).toBe(true);
    expect(readFileSync(join(directory, "also", "it's $(large).bin"), "utf8")).toHaveLength(
      LARGE.length,
    );
    expect(readFileSync(join(directory, "plain.bin"), "utf8")).toBe("not in LFS");
    expect(readFileSync(join(directory, "empty.bin"), "utf8")).toBe("");
    expect(world.asked().slice(before)).toEqual([
      `octocat POST ${BATCH} 200`,
      // Without the token: with what the answer says.
      `anonymous GET /storage/lfs/octo-org/hello/${oidOf(LARGE)} 200`,
    ]);
    expect(world.trap.connections()).toBe(0);
    expect(world.logged).toEqual([]);
    expect(
      await world.agent(
        request.id,
        "git status --porcelain; touch *.bin; git status --porcelain; rm large.bin; git checkout -q large.bin; wc -c <large.bin; git show HEAD:large.bin | head -1; ls -A",
      ),
    ).toBe(
      [
        LARGE.length,
        "version https://git-lfs.github.com/spec/v1",
        ".git\n.gitattributes\n.gitconfig\n.lfsconfig\nREADME.md\nalso\ndocs.md\nempty.bin\nhooks\nlarge.bin\nplain.bin",
      ].join("\n"),
    );
  });

  test("are fetched once, and not at all where the policy doesn't say so", async () => {
    const request = await world.request("a002", {
      "large.bin": world.github.git.storeInLfs(hello, LARGE),
    });
    const before = world.asked().length;
    await world.workspaces.create(request);
    const { checkout: _, ...without } = { ...request, id: "a003" };
    const { directory } = await world.workspaces.create(without);
    expect(readFileSync(join(directory, "large.bin"), "utf8")).toContain("oid sha256:");
    expect(readFileSync(join(directory, ".git", "config"), "utf8")).not.toContain("lfs");
    expect(world.asked().slice(before)).toEqual([]);
  });

  test("are fetched again if the mirror has only half of one", async () => {
    const pointer = world.github.git.storeInLfs(hello, "whole");
    const request = await world.request("a007", { "large.bin": pointer });
    await world.workspaces.create(request);
    const object = join(world.objects, oidOf("whole"));
    rmSync(object);
    writeFileSync(object, "wh");
    const { directory } = await world.workspaces.create({ ...request, id: "a008" });
    expect(readFileSync(join(directory, "large.bin"), "utf8")).toBe("whole");
    await world.workspaces.sweep(new Set());
  });

  test("give way to others as soon as no task needs them", async () => {
    const [first, second] = ["1", "2"].map((digit) => digit.repeat(18 * 2 ** 20));
    const pointers = [first, second].map((one = "") => world.github.git.storeInLfs(hello, one));
    const files = { "also/it's $(large).bin": null };
    await world.workspaces.create(
      await world.request("a009", { ...files, "large.bin": pointers[0] ?? null }),
    );
    await world.workspaces.create(await world.request("a00a", { "large.bin": null }));
    const request = await world.request("a00b", { "large.bin": pointers[1] ?? null });
    await expect(world.workspaces.create(request)).rejects.toThrow("larger than 32 MB");
    await world.workspaces.remove("a009");
    const { directory } = await world.workspaces.create(request);
    expect(readFileSync(join(directory, "large.bin"), "utf8").slice(0, 3)).toBe("222");
    await world.workspaces.sweep(new Set());
  });

  test("that GitHub doesn't have stay pointers, and the log says so", async () => {
    const gone = { oid: oidOf("gone"), size: 4 };
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${gone.oid}\nsize 4\n`;
    const { directory } = await world.workspaces.create(
      await world.request("a004", { "gone.bin": pointer }),
    );
    expect(readFileSync(join(directory, "gone.bin"), "utf8")).toBe(pointer);
    expect(world.logged.splice(0)).toEqual([
      { taskId: "a004", missing: [gone], message: "objects of Git LFS aren't on GitHub" },
    ]);
  });

  test("that are too large together aren't fetched", async () => {
    const before = world.asked().length;
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oidOf("x")}\nsize `;
    const request = await world.request("a005", {
      "huge.bin": `${pointer}9007199254740991\n`,
      // More than there are numbers for: no pointer.
      "none.bin": `${pointer}9999999999999999\n`,
    });
    await expect(world.workspaces.create(request)).rejects.toEqual(
      new LimitExceeded(
        "disk",
        "octo-org/hello: The files in Git LFS are larger than 32 MB (SELF_HOSTED_DISK_MB)",
      ),
    );
    expect(world.asked().slice(before)).toEqual([]);
    const removed = ["huge.bin", "none.bin", "gone.bin", "also/it's $(large).bin"];
    await world.request("a005", Object.fromEntries(removed.map((path) => [path, null])));
  });

  test("go when no task works with them and the newest commit doesn't have them", async () => {
    await world.workspaces.sweep(new Set());
    const [large, kept] = [LARGE, "kept"].map((one) => world.github.git.storeInLfs(hello, one));
    await world.workspaces.create(await world.request("a00d", { "large.bin": large ?? null }));
    await world.workspaces.create(await world.request("a006", { "large.bin": kept ?? null }));
    await world.workspaces.tidy(new Date());
    expect(readdirSync(world.objects).toSorted()).toEqual([oidOf(LARGE), oidOf("kept")].toSorted());
    await world.workspaces.sweep(new Set());
    await world.workspaces.tidy(new Date());
    expect(readdirSync(world.objects)).toEqual([oidOf("kept")]);
  });
});

/** What an agent does with files in LFS, and what comes of the push. */
const CHANGES = [
  {
    id: "e001",
    does: "changes another file",
    script: "echo x >README.md; touch large.bin",
    outcome: "pushed",
  },
  { id: "e002", does: "removes one", script: "rm large.bin", outcome: "pushed" },
  { id: "e003", does: "moves one", script: "mv large.bin moved.bin", outcome: "pushed" },
  { id: "e004", does: "changes one", script: "echo x >>large.bin", outcome: "lfs_changes" },
  {
    id: "e005",
    does: "changes one and changes it back",
    script: `cp large.bin $HOME; echo x >>large.bin; ${COMMIT_ALL}; cp $HOME/large.bin .`,
    outcome: "lfs_changes",
  },
  { id: "e006", does: "adds one", script: "echo x >new.bin", outcome: "lfs_changes" },
  {
    id: "e007",
    does: "commits the file itself",
    script: "echo '*.bin -filter' >.gitattributes; echo x >large.bin",
    outcome: "lfs_changes",
  },
  {
    id: "e008",
    does: "makes one a link",
    script: "ln -sf README.md large.bin",
    outcome: "lfs_changes",
  },
  {
    id: "e009",
    does: "writes a pointer without LFS",
    script: "echo '*.bin -filter' >.gitattributes; git show HEAD:large.bin | tr 0-8 1-9 >new.md",
    outcome: "lfs_changes",
  },
] as const;

describe.skipIf(!hasBubblewrap)("an agent's commits", () => {
  test.for(CHANGES)("of one that $does: $outcome", async ({ id, script, outcome }) => {
    const request = await world.request(id, {
      "large.bin": world.github.git.storeInLfs(hello, "large"),
    });
    await world.workspaces.create(request);
    await world.agent(request.id, `${script}; ${COMMIT_ALL}`);
    const pushed = await world.workspaces.push(request);
    expect(pushed.type === "stopped" ? pushed.reason : pushed.type).toBe(outcome);
  });
});
