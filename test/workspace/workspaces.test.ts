import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { LimitExceeded } from "../../src/core/isolation/limits.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { useAgentWorld } from "./agent-world.ts";
import { git } from "./hostile-repository.ts";

const LIMITS = { memory: 2 ** 28, processes: 64, disk: 2 ** 25, freeDisk: 0, time: 60_000 };

const world = useAgentWorld("workspaces", LIMITS);
const { outside, remote, directory, commit, workspaces, requestFor, agent } = world;
writeFileSync(join(outside, "secret"), "secret");

/** The remote's branches, with what they're at relative to the first commit. */
function branches(): readonly string[] {
  return git(remote, ["for-each-ref", "--format=%(refname:short)"]).split("\n");
}

const TOKEN = `ghp_${"a1B2".repeat(9)}`;
const COMMIT_ALL = "git add -A && git commit -qm change";

/** What an agent does, and what comes of the push. */
const ROWS = [
  { id: "a001", does: "commits nothing", script: "true", outcome: "nothing_committed" },
  {
    id: "a002",
    does: "leaves a change uncommitted",
    script: "echo x >> README.md",
    outcome: "nothing_committed",
  },
  {
    id: "a003",
    does: "commits a change",
    script: `echo x >> README.md; ${COMMIT_ALL}`,
    outcome: "pushed",
  },
  {
    id: "a004",
    does: "commits a credential, and takes it out again",
    script: `echo ${TOKEN} > key; ${COMMIT_ALL}; rm key; ${COMMIT_ALL}`,
    outcome: "credentials",
  },
  {
    id: "a005",
    does: "writes a credential into a message",
    script: `git commit -q --allow-empty -m "- ${TOKEN}"`,
    outcome: "credentials",
  },
  {
    id: "a006",
    does: "hides a credential in a binary file",
    script: `mkdir .git/info; echo '* binary' > .git/info/attributes; echo '* binary' > .gitattributes; printf 'x\\0\\n%s\\n' ${TOKEN} > key; ${COMMIT_ALL}`,
    outcome: "credentials",
  },
  {
    id: "a007",
    does: "changes a workflow, and changes it back",
    script: `mkdir -p .github/workflows; echo x > .github/workflows/x.yml; ${COMMIT_ALL}; rm -r .github; ${COMMIT_ALL}`,
    outcome: "workflow_changes",
  },
  {
    id: "a008",
    does: "adds an action behind a name with a new line",
    script: `mkdir -p .github/actions; echo x > $'.github/actions/new\\nline'; ${COMMIT_ALL}`,
    outcome: "workflow_changes",
  },
  {
    id: "a009",
    does: "begins a history of its own",
    script: `git checkout -q --orphan other; ${COMMIT_ALL}`,
    outcome: "not_based_on_start",
  },
  { id: "a00a", does: "removes its repository", script: "rm -rf .git", outcome: "unreadable" },
  {
    id: "a00b",
    does: "makes its repository a link to somebody else's",
    script: 'rm -rf .git; ln -s "$OUTSIDE" .git',
    outcome: "unreadable",
  },
  {
    id: "a00c",
    does: "commits what breaks other people's Git",
    script: `t=$(printf '120000 blob %s\\t.gitmodules' $(git hash-object -w README.md) | git mktree); c=$(git commit-tree $t -p HEAD -m x); git update-ref HEAD $c`,
    outcome: "unreadable",
  },
  {
    id: "a00d",
    does: "has Git run programs",
    script: `
evil='touch /workspace/ran; touch "$OUTSIDE/pwned"; cat'
for hook in post-checkout pre-push pre-commit reference-transaction post-index-change fsmonitor-watchman; do
  mkdir -p .git/hooks; printf '#!/bin/sh\\n%s\\n' "$evil" > .git/hooks/$hook; chmod +x .git/hooks/$hook
done
for key in core.fsmonitor core.sshCommand core.pager core.editor core.askPass credential.helper filter.evil.clean filter.evil.smudge diff.evil.textconv uploadpack.packObjectsHook core.gitProxy; do git config $key "$evil"; done
git config remote.origin.url "ext::sh -c '$evil'"
git config remote.origin.pushurl "$OUTSIDE"
git config core.worktree "$OUTSIDE"
echo "$OUTSIDE/objects" >> .git/objects/info/alternates
git config --unset core.worktree
echo x > y; git -c core.fsmonitor= -c filter.evil.clean= add y; git -c core.fsmonitor= commit -qm y; true`,
    outcome: "pushed",
  },
  {
    id: "a00e",
    does: "commits a few kilobytes that become many megabytes of empty lines",
    script: `head -c 20000000 /dev/zero | tr '\\0' '\\n' > lines; ${COMMIT_ALL}`,
    outcome: "too_large",
  },
  {
    id: "a00f",
    does: "commits a large file, and takes it out again",
    script: `head -c 6000000 /dev/urandom > large; ${COMMIT_ALL}; rm large; ${COMMIT_ALL}`,
    outcome: "too_large",
  },
  {
    id: "a010",
    does: "commits files that are large together",
    script: `for n in 1 2 3; do yes $n | head -c 2000000 > $n; done; ${COMMIT_ALL}`,
    outcome: "too_large",
  },
  {
    id: "a011",
    does: "hides a credential behind a file's megabytes",
    script: `{ yes x | head -c 3000000; printf '\\0%s' ${TOKEN}; } > key; ${COMMIT_ALL}`,
    outcome: "credentials",
  },
  {
    id: "a012",
    does: "hides a credential in a line of megabytes",
    script: `{ yes x | tr -d '\\n' | head -c 3000000; printf ' %s' ${TOKEN}; } > key; ${COMMIT_ALL}`,
    outcome: "credentials",
  },
  {
    id: "a013",
    does: "makes a million files of a few trees",
    script: `o=$(git hash-object -w README.md); entry="100644 blob $o"
for level in 1 2 3 4 5 6; do
  entry="$(for n in 0 1 2 3 4 5 6 7 8 9; do printf '%s\\t%s\\n' "$entry" $n; done | git mktree)"; t=$entry; entry="040000 tree $t"
done
git update-ref HEAD $(git commit-tree $t -p HEAD -m x)`,
    outcome: "too_large",
  },
] as const;

describe.skipIf(!hasBubblewrap)("a workspace", () => {
  test("of a hostile repository has its files and nothing else, and borrows objects that it can't change", async () => {
    const { objects } = await workspaces.create(requestFor("f001"));
    expect(
      await agent(
        "f001",
        `git status --porcelain --ignore-submodules; git rev-parse --abbrev-ref HEAD; git config --get remote.origin.url | sed 's/.*workspaces-[^/]*//'; ls -A | cat -A; cat large.bin | head -1; cat link/secret 2>&1 | sed 's/.*: //'; ls .git/hooks sub 2>&1; touch $(cat .git/objects/info/alternates)/x 2>&1 | sed 's/.*: //'`,
      ),
    ).toMatchInlineSnapshot(`
      "copilot/fix-7-f001
      /remote.git
      --upload-pack=touch pwned$
      -rf$
      .git$
      .gitattributes$
      .gitmodules$
      README.md$
      hooks$
      large.bin$
      link$
      new$
      line$
      sub$
      up$
      version https://git-lfs.github.com/spec/v1
      No such file or directory
      ls: cannot access '.git/hooks': No such file or directory
      sub:
      Read-only file system
      "
    `);
    expect(readdirSync(outside)).toEqual(["secret"]);
    expect(readdirSync(join(objects, ".."))).not.toContain("hooks");
  });

  test.for(ROWS)("whose agent $does: $outcome", async ({ id, script, outcome }) => {
    const before = branches();
    await workspaces.create(requestFor(id));
    await agent(id, script);
    const pushed = await workspaces.push(requestFor(id));
    expect(pushed.type === "stopped" ? pushed.reason : pushed.type).toBe(outcome);
    const added = branches().filter((branch) => !before.includes(branch));
    expect(added).toEqual(outcome === "pushed" ? [`copilot/fix-7-${id}`] : []);
    expect(readdirSync(outside)).toEqual(["secret"]);
    const kept =
      outcome === "pushed" ? ["borrowed", "pushed", "workspace"] : ["borrowed", "workspace"];
    expect(readdirSync(join(directory, "tasks", id))).toEqual(kept);
    // Again, after the bot didn't see the answer.
    expect(await workspaces.push(requestFor(id))).toEqual(pushed);
    expect(git(remote, ["rev-parse", "main"])).toBe(commit);
  });

  test("is removed whatever is in it, and so is what no task owns", async () => {
    await Promise.all(["c001", "c002"].map(async (id) => workspaces.create(requestFor(id))));
    await agent(
      "c001",
      'ln -s "$OUTSIDE" out; perl -e \'for (1 .. 3000) { mkdir "d" x 9; chdir "d" x 9 }\'; mkdir closed; echo x > closed/x; chmod 0 closed',
    );
    await workspaces.sweep(new Set(["c002"]));
    expect(readdirSync(join(directory, "tasks"))).toEqual(["c002"]);
    await workspaces.remove("c002");
    expect(readdirSync(join(directory, "tasks"))).toEqual([]);
    expect(readFileSync(join(outside, "secret"), "utf8")).toBe("secret");
  });

  test("that is larger than its limit isn't made", async () => {
    const large = git(remote, ["hash-object", "-w", "--stdin"], "x".repeat(LIMITS.disk + 1));
    const tree = git(remote, ["mktree"], `100644 blob ${large}\tlarge\n`);
    const child = git(remote, ["commit-tree", tree, "-p", commit, "-m", "large"]);
    git(remote, ["update-ref", "refs/heads/large", child]);
    await expect(workspaces.create({ ...requestFor("d001"), commit: child })).rejects.toEqual(
      new LimitExceeded(
        "disk",
        `Commit ${child} of ${basename(dirname(remote))}/remote is too large`,
      ),
    );
    expect(existsSync(join(directory, "tasks", "d001"))).toBe(false);
  });
});
