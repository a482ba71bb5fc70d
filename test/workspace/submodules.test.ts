import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { hello } from "../../sandbox/github/seed.ts";
import { submodulesOf } from "../../src/runner/start/submodules.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { modules, own, useSubmoduleWorld } from "./submodules-world.ts";

const world = useSubmoduleWorld();

describe("the submodules of a task", () => {
  test("are those of the same owner that its requester can read, and the log says why others aren't", async () => {
    const lib = await world.github.git.commit(own("lib"), { files: { "lib.ts": "library\n" } });
    const { found, logged } = await world.submodulesIn(
      "writer",
      {
        relative: "../lib.git",
        absolute: `http://${world.github.host}/octo-org/lib`,
        renamed: "../LIB",
        secret: "../secret.git",
        none: "../none.git",
        owner: "../../stranger/hello",
        option: "--upload-pack=touch pwned",
        ext: "ext::sh -c touch% pwned",
        file: "file:///etc",
        ssh: `git@${world.github.host}:octo-org/lib.git`,
        elsewhere: "http://evil.example.com/octo-org/lib.git",
        user: `http://x:y@${world.github.host}/octo-org/lib.git`,
        encoded: "../%2e%2e/stranger/hello",
        "../x": "../lib.git",
        "a/../../x": "../lib.git",
        "/etc/x": "../lib.git",
        ".git/hooks": "../lib.git",
        "a/.GIT/hooks": "../lib.git",
        "git~1/hooks": "../lib.git",
        "a\\..\\b": "../lib.git",
        "-x": "../lib.git",
        file2: "../lib.git",
      },
      Object.fromEntries(
        [
          "relative",
          "absolute",
          "renamed",
          "secret",
          "none",
          "owner",
          "option",
          "ext",
          "file",
          "ssh",
          "elsewhere",
          "user",
          "encoded",
        ].map((path) => [path, lib]),
      ),
    );
    expect(found.map(({ path, repository, commit }) => [path, repository, commit])).toEqual([
      ["relative", "lib", lib],
      ["absolute", "lib", lib],
      ["renamed", "lib", lib],
    ]);
    const reasons = logged.flatMap((fields) => Object.values(fields)[1]);
    expect(reasons.map(({ path, reason }) => `${path}: ${reason}`)).toMatchInlineSnapshot(`
      [
        "secret: requester_cannot_read",
        "none: not_installed",
        "owner: address",
        "option: address",
        "ext: address",
        "file: address",
        "ssh: address",
        "elsewhere: address",
        "user: address",
        "encoded: address",
        "../x: path",
        "a/../../x: path",
        "/etc/x: path",
        ".git/hooks: path",
        "a/.GIT/hooks: path",
        "git~1/hooks: path",
        "a\\..\\b: path",
        "-x: path",
        "file2: no_commit",
      ]
    `);
  });

  test("aren't more for who can read more, and their tokens open nothing else", async () => {
    const secret = await world.github.git.commit(own("secret"), {
      files: { "key.ts": "secret\n" },
    });
    const addresses = { secret: "../secret.git" };
    const { found } = await world.submodulesIn("octocat", addresses, { secret });
    expect(found.map(({ path }) => path)).toEqual(["secret"]);
    const statusOf = async (repo: string, service: string) => {
      const authorization = `Basic ${btoa(`x-access-token:${found[0]?.token}`)}`;
      const url = `${world.github.git.url(own(repo))}/info/refs?service=${service}`;
      return (await fetch(url, { headers: { authorization } })).status;
    };
    expect(await statusOf("secret", "git-upload-pack")).toBe(200);
    expect(await statusOf("secret", "git-receive-pack")).toBe(403);
    expect(await statusOf("lib", "git-upload-pack")).toBe(404);
    // Somebody else has the login by now.
    const task = await world.taskOf("octocat", secret);
    const requester = { ...task.requester, id: 1 };
    expect(await world.connection.submoduleToken({ ...task, requester }, "secret")).toEqual({
      type: "requester_cannot_read",
    });
  });

  test("are none where the policy doesn't say so", async () => {
    const task = await world.taskOf("octocat", "0".repeat(40));
    const hosting = task.session.hosting && { ...task.session.hosting, checkout: ["lfs"] as const };
    const ports = { github: world.connection, log: pino({ level: "silent" }) };
    const before = world.github.requests.length;
    const without = { ...task, session: { ...task.session, hosting } };
    expect(
      await submodulesOf({ ports, hosts: { web: "https://world.github.com" } }, without),
    ).toEqual([]);
    expect(world.github.requests.length).toBe(before);
  });
});

function notFetched(path: string, message: unknown) {
  return { path, reason: "not_fetched", message };
}

describe.skipIf(!hasBubblewrap)("a workspace with submodules", () => {
  test("has their files, and theirs in them, and what they lead to is only what the task may read", async () => {
    const nested = await world.github.git.commit(own("nested"), {
      files: {
        ".gitattributes": "*.bin filter=lfs -text\n",
        "large.bin": world.github.git.storeInLfs(own("nested"), "large"),
        ".lfsconfig": "[lfs]\n\turl = http://evil.example.com\n",
        "hooks/post-checkout": { content: "#!/bin/sh\ntouch /workspace/pwned\n", mode: "100755" },
      },
    });
    const lib = await world.github.git.commit(own("lib"), {
      files: {
        "lib.ts": "library\n",
        ".gitmodules": modules({ "deep/nested": "../nested.git", private: "../secret.git" }),
        "deep/nested": { submodule: nested },
        private: { submodule: nested },
      },
    });
    const addresses = { "a lib": "../lib.git", secret: "../secret.git" };
    const { commit, found } = await world.submodulesIn("writer", addresses, {
      "a lib": lib,
      secret: lib,
    });
    expect(found.map(({ path }) => path)).toEqual(["a lib", "a lib/deep/nested"]);
    const request = world.requestFor("a001", commit, found);
    const { directory: workspace, readable } = await world.workspaces.create(request);
    expect(readFileSync(join(workspace, "a lib", "lib.ts"), "utf8")).toBe("library\n");
    expect(readFileSync(join(workspace, "a lib", "deep", "nested", "large.bin"), "utf8")).toBe(
      "large",
    );
    expect(readdirSync(join(workspace, "secret"))).toEqual([]);
    expect(readdirSync(join(workspace, "a lib", "private"))).toEqual([]);
    expect(
      await world.agent(
        "a001",
        "git status --porcelain; git -C 'a lib/deep/nested' status --porcelain; git -C 'a lib' rev-parse HEAD; git -C 'a lib' log --format=%s -1; ls -A pwned 'a lib/.git/hooks' 2>&1 | wc -l",
      ),
    ).toBe(`${lib}\nChange files\n2`);
    const mirrors = readable.map((path) => path.replace(/^.*\/mirrors\//u, ""));
    const ids = found.map(({ repositoryId }) => repositoryId);
    expect(mirrors).toEqual([
      `${world.helloId}.git/objects`,
      `${world.helloId}.git/lfs`,
      ...ids.flatMap((id) => [`${id}.git/objects`, `${id}.git/lfs`]),
    ]);
    const tokens = found.flatMap(({ token }) => [
      "-e",
      token,
      "-e",
      btoa(`x-access-token:${token}`),
    ]);
    const search = spawnSync("grep", ["-rlF", ...tokens, world.root]);
    expect([search.status, search.stdout.toString()]).toEqual([1, ""]);
    // Mirrors of submodules stay as long as a task works with them.
    await world.workspaces.tidy(new Date(Date.now() + 40 * 24 * 60 * 60_000));
    expect(await world.agent("a001", "git -C 'a lib' fsck && echo whole")).toBe("whole");
  });

  test("has no submodule that can't be fetched, nor what's in it, and the log says why", async () => {
    const text = "library\n";
    const lib = await world.github.git.commit(own("lib"), {
      files: { "lib.ts": text, ".gitmodules": null, "deep/nested": null, private: null },
    });
    const gone = "1".repeat(40);
    // What's in place of a commit may name anything.
    const blob = createHash("sha1").update(`blob ${text.length}\0${text}`).digest("hex");
    const addresses = { gone: "../nested.git", blob: "../lib.git", lib: "../lib.git" };
    const { commit, found } = await world.submodulesIn("writer", addresses, { gone, blob, lib });
    const request = world.requestFor("a003", commit, found);
    const [first, ...others] = request.submodules;
    if (first === undefined) throw new Error("no submodule");
    const within = { ...first, path: "gone/deep", commit: lib };
    const beside = { ...first, path: "gone2", commit: gone };
    const submodules = [first, within, beside, ...others];
    world.logged.length = 0;
    const { directory } = await world.workspaces.create({ ...request, submodules });
    expect(readFileSync(join(directory, "lib", "lib.ts"), "utf8")).toBe(text);
    expect([readdirSync(join(directory, "gone")), readdirSync(join(directory, "blob"))]).toEqual([
      [],
      [],
    ]);
    const refused = expect.stringContaining(`not our ref ${gone}`);
    expect(world.logged).toEqual([
      {
        taskId: "a003",
        leftOut: [
          notFetched("gone", refused),
          notFetched("gone/deep", "What it's in wasn't fetched"),
          notFetched("gone2", refused),
          notFetched("blob", `${blob} is no commit`),
        ],
      },
    ]);
    expect(await world.agent("a003", "git status --porcelain")).toBe("");
  });

  test("isn't made where a link leads, and leaves nothing", async () => {
    const lib = await world.github.git.commit(own("lib"), { files: { ".gitmodules": null } });
    const files = { out: { content: "/tmp", mode: "120000" } } as const;
    const commit = await world.github.git.commit(hello, { files });
    const { found } = await world.submodulesIn("writer", { lib: "../lib.git" }, { lib });
    const led = world
      .requestFor("a002", commit, found)
      .submodules.map(({ repositoryId, access, commit: at }) => ({
        repositoryId,
        access,
        commit: at,
        path: "out",
      }));
    const request = { ...world.requestFor("a002", commit), submodules: led };
    await expect(world.workspaces.create(request)).rejects.toThrow("can't be checked out");
    expect(readdirSync(world.tasks)).not.toContain("a002");
    await world.github.git.commit(hello, { files: { out: null } });
  });

  test.for([
    {
      id: "b001",
      does: "changes another file",
      script: "echo x >README.md; git add -A",
      outcome: "pushed",
    },
    { id: "b002", does: "removes one", script: "git rm -qrf lib", outcome: "pushed" },
    {
      id: "b003",
      does: "commits in one, and that",
      script: "cd lib; echo x >x; git add x; git commit -qm x; cd ..; git add -A",
      outcome: "submodule_changes",
    },
    {
      id: "b004",
      does: "adds one, and removes it again",
      script:
        "git init -q new; git -C new -c user.name=a -c user.email=a@b commit -q --allow-empty -m x; git add new; git commit -qm new; git rm -qrf --cached new; echo x >README.md; git add README.md",
      outcome: "submodule_changes",
    },
    {
      id: "b005",
      does: "hides its change",
      script:
        "git config diff.ignoreSubmodules all; git -C lib commit -q --allow-empty -m x; git update-index --cacheinfo 160000,$(git -C lib rev-parse HEAD),lib; git commit -q --allow-empty -m hidden",
      outcome: "submodule_changes",
    },
  ])("of an agent that $does: $outcome", async ({ id, script, outcome }) => {
    const lib = await world.github.git.commit(own("lib"), {
      files: { "lib.ts": `${id}\n`, ".gitmodules": null },
    });
    const { commit, found } = await world.submodulesIn("writer", { lib: "../lib.git" }, { lib });
    const request = world.requestFor(id, commit, found);
    await world.workspaces.create(request);
    await world.agent(id, `${script}; git commit -qm change`);
    const pushed = await world.workspaces.push(request);
    expect(pushed.type === "stopped" ? pushed.reason : pushed.type).toBe(outcome);
  });
});
