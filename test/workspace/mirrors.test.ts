import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LimitExceeded } from "../../src/core/isolation/limits.ts";
import { GitWorkspaces } from "../../src/workspace/workspaces.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { bubblewrap, none } from "../isolation/isolations.ts";
import { fillHostile, git } from "./hostile-repository.ts";

const MIB = 2 ** 20;
const DAY_MS = 24 * 60 * 60_000;
const LIMITS = { memory: 2 ** 28, processes: 64, disk: 4 * MIB, freeDisk: 0, time: 60_000 };

const root = mkdtempSync(join(tmpdir(), "mirrors-"));
const TOO_LARGE = new LimitExceeded(
  "disk",
  `${basename(root)}/remote: The repository is larger than 4 MB (SELF_HOSTED_DISK_MB)`,
);
const remote = join(root, "remote.git");
const access = { protocol: "file", url: `file://${remote}`, token: null } as const;

beforeAll(() => {
  chmodSync(root, 0o711);
  mkdirSync(remote);
  git(remote, ["init", "--quiet", "--bare"]);
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

/** A commit of its own, whose file has so many bytes that can't be packed. */
function commitOf(bytes: number, parents: readonly string[] = []): string {
  const file = join(root, "file");
  writeFileSync(file, randomBytes(bytes));
  const blob = git(remote, ["hash-object", "-w", file]);
  const tree = git(remote, ["mktree"], `100644 blob ${blob}\tfile\n`);
  const commit = git(remote, [
    "commit-tree",
    tree,
    ...parents.flatMap((one) => ["-p", one]),
    "-m",
    "x",
  ]);
  git(remote, ["update-ref", `refs/heads/${commit}`, commit]);
  return commit;
}

function place(name: string) {
  const directory = join(root, name);
  const isolation = (hasBubblewrap ? bubblewrap : none)(join(root, `${name}-isolation`));
  const workspaces = new GitWorkspaces({ directory, isolation, limits: LIMITS });
  const mirror = join(directory, "mirrors", "3.git");
  return {
    directory,
    workspaces,
    mirror,
    create: async (id: string, commit: string) =>
      workspaces.create({
        id,
        repositoryId: 3,
        access,
        commit,
        branch: { kind: "fix", number: 7, id },
      }),
    has: (commit: string) => git(mirror, ["cat-file", "--batch-check"], commit).includes("commit"),
    /** The commits that it keeps. */
    refs: () =>
      git(mirror, ["for-each-ref", "--format=%(refname:lstrip=2)"]).split("\n").filter(Boolean),
  };
}

describe("a repository's mirror", () => {
  test("isn't fetched when it's larger than it may be, and leaves nothing", async () => {
    const { create, directory } = place("large");
    // Small as it is now, but large with its history.
    const commit = commitOf(10, [commitOf(6 * MIB)]);
    await expect(create("a001", commit)).rejects.toEqual(TOO_LARGE);
    expect(readdirSync(join(directory, "mirrors"))).toEqual([]);
    expect(existsSync(join(directory, "tasks"))).toBe(false);
  });

  test("gives way to what's fetched, unless a task works with it", async () => {
    const { create, workspaces, has } = place("grown");
    const [first, second] = [commitOf(3 * MIB), commitOf(3 * MIB)];
    await create("b001", first);
    await expect(create("b002", second)).rejects.toEqual(TOO_LARGE);
    expect([has(first), has(second)]).toEqual([true, expect.any(Boolean)]);
    await workspaces.remove("b001");
    await create("b002", second);
    expect([has(first), has(second)]).toEqual([false, true]);
  });

  test("loses the commits of tasks that are gone, but nothing while a task works with it", async () => {
    const { create, workspaces, has, refs, mirror } = place("tidied");
    const [first, second] = [commitOf(1000), commitOf(1000)];
    await create("c001", first);
    await create("c002", second);
    await workspaces.tidy(new Date());
    expect(refs().toSorted()).toEqual([first, second].toSorted());
    await workspaces.remove("c001");
    await workspaces.tidy(new Date());
    expect(refs()).toEqual([second]);
    expect(has(first)).toBe(true);
    await workspaces.remove("c002");
    await workspaces.tidy(new Date());
    // The newest stays: what's fetched next usually builds on it.
    expect(refs()).toEqual([second]);
    expect([has(first), has(second)]).toEqual([false, true]);
    // At most once a day, so garbage that's made then stays for a while.
    await create("c003", first);
    await create("c004", second);
    await workspaces.sweep(new Set());
    await workspaces.tidy(new Date());
    expect([refs(), has(first)]).toEqual([[second], true]);
    const yesterday = new Date(Date.now() - 2 * DAY_MS);
    utimesSync(join(mirror, "bot-collected"), yesterday, yesterday);
    await workspaces.tidy(new Date());
    expect(has(first)).toBe(false);
    // What's left is whole, and can be read by sandboxes.
    const { directory } = await create("c005", second);
    expect(readFileSync(join(directory, "file"))).toHaveLength(1000);
  });

  test("is tidied while tasks are created, without harm", async () => {
    const { create, workspaces } = place("busy");
    const commits = Array.from({ length: 4 }, () => commitOf(1000));
    const doing = commits.map(async (commit, index) => {
      await create(`e00${index}`, commit);
      await workspaces.tidy(new Date());
      await workspaces.remove(`e00${index}`);
      await workspaces.tidy(new Date());
      return create(`e01${index}`, commit);
    });
    for (const { directory } of await Promise.all(doing)) {
      expect(git(directory, ["-c", "safe.directory=*", "fsck", "--no-dangling"])).toBe("");
    }
  });

  test("goes when no task has used it for 30 days", async () => {
    const { create, workspaces, mirror } = place("unused");
    await create("d001", commitOf(1000));
    const in31Days = new Date(Date.now() + 31 * DAY_MS);
    await workspaces.tidy(in31Days);
    expect(existsSync(mirror)).toBe(true);
    await workspaces.remove("d001");
    await workspaces.tidy(new Date(Date.now() + 29 * DAY_MS));
    expect(existsSync(mirror)).toBe(true);
    await workspaces.tidy(in31Days);
    expect(existsSync(mirror)).toBe(false);
  });
});

test.for([
  { name: "in a sandbox", make: bubblewrap, isThere: hasBubblewrap },
  { name: "without isolation", make: none, isThere: true },
] as const)("$name, LFS and submodules are off", async ({ make, isThere }, context) => {
  context.skip(!isThere, "bubblewrap or socat isn't installed");
  const own = join(root, `off-${make.name}`);
  mkdirSync(join(own, "bin"), { recursive: true });
  mkdirSync(join(own, "remote.git"));
  // A machine on which LFS is installed for everybody.
  writeFileSync(join(own, "bin", "git-lfs"), "#!/bin/sh\necho the file itself\n", { mode: 0o755 });
  const { PATH } = process.env;
  process.env["PATH"] = `${join(own, "bin")}:${PATH}`;
  const commit = fillHostile(join(own, "remote.git"), own);
  const url = `file://${join(own, "remote.git")}`;
  const workspaces = new GitWorkspaces({
    directory: join(own, "own"),
    isolation: make(join(own, "isolation")),
    limits: LIMITS,
  });
  const { directory } = await workspaces.create({
    id: "f001",
    repositoryId: 3,
    access: { protocol: "file", url, token: null },
    commit,
    branch: { kind: "fix", number: 7, id: "f001" },
  });
  process.env["PATH"] = PATH;
  expect(readFileSync(join(directory, "large.bin"), "utf8")).toMatch(/^version https:\/\/git-lfs/u);
  expect(readdirSync(join(directory, "sub"))).toEqual([]);
  expect(readFileSync(join(directory, ".git", "config"), "utf8")).not.toMatch(/lfs|submodule/u);
});
