import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { asUser } from "../../src/core/isolation/bubblewrap.ts";
import { LIMIT_PROCESSES } from "../../src/core/workspace/bounds.ts";
import { runGit } from "../../src/workspace/git.ts";
import { GitWorkspaces } from "../../src/workspace/workspaces.ts";
import { hasBubblewrap } from "../isolation/bubblewrap.ts";
import { none, USER } from "../isolation/isolations.ts";
import { useAgentWorld } from "./agent-world.ts";
import { fillHostile, git } from "./hostile-repository.ts";
import { packBomb } from "./pack-bomb.ts";

const LIMITS = { memory: 2 ** 29, processes: 64, disk: 2 ** 25, freeDisk: 0, time: 60_000 };
const TOKEN = `ghp_${"a1B2".repeat(9)}`;
const COMMIT_ALL = "git add -A && git commit -qm change";

const world = useAgentWorld("hostile-commits", LIMITS);
const { root, outside, remote, directory, workspaces, requestFor } = world;

async function agent(id: string, script: string, env: Readonly<Record<string, string>> = {}) {
  return (await world.agent(id, script, { TOKEN, ...env })).trim();
}

/** Makes `HEAD` of a commit as it stands, which Git itself wouldn't make; its tree and parent are there already. */
const RAW_COMMIT = `
raw() {
  { printf 'tree %s\\nparent %s\\nauthor a <a@b> 1 +0000\\ncommitter a <a@b> 1 +0000\\n' $(git rev-parse HEAD^{tree} HEAD); cat; } |
    git hash-object -t commit -w --stdin
}`;

/** What an agent does, and what comes of the push. */
const ROWS = [
  {
    id: "a001",
    does: "commits a file below 3000 directories",
    script: `{ printf 'commit HEAD\\ncommitter a <a@b> 1 +0000\\ndata 0\\nfrom %s\\nM 100644 inline ' $COMMIT; printf 'd/%.0s' $(seq 3000); printf 'f\\ndata 0\\n'; } | git fast-import --quiet --force`,
    outcome: "too_large",
  },
  {
    id: "a002",
    does: "commits 20 kilobytes that become a file of 20 MB",
    script: `git config core.bigFileThreshold 1m; t=$(printf '100644 blob %s\\tlarge\\n' $(head -c 20000000 /dev/zero | git hash-object -w --stdin) | git mktree); git update-ref HEAD $(git commit-tree $t -p HEAD -m x)`,
    outcome: "too_large",
  },
  {
    id: "a003",
    does: "commits a few kilobytes that become a tree of 20 MB",
    script: `t=$({ head -c 20000000 /dev/zero | tr '\\0' x; } | git hash-object -t tree --literally -w --stdin); git update-ref HEAD $(git commit-tree $t -p HEAD -m x)`,
    outcome: "unreadable",
  },
  {
    id: "a004",
    does: "writes a message of 20 MB",
    script: `${RAW_COMMIT}
git update-ref HEAD $({ echo; head -c 20000000 /dev/zero | tr '\\0' x; } | raw)`,
    outcome: "too_large",
  },
  {
    id: "a005",
    does: "commits 500 files that build on each other",
    script: `{ printf 'feature done\\n'; for n in $(seq 500); do printf 'blob\\nmark :%s\\ndata <<END\\n' $n; seq $n $((n + 60)); printf 'END\\n'; done; printf 'commit HEAD\\ncommitter a <a@b> 1 +0000\\ndata 0\\nfrom %s\\n' $COMMIT; for n in $(seq 500); do printf 'M 100644 :%s f%s\\n' $n $n; done; echo done; } | git fast-import --quiet --force --depth=4095`,
    outcome: "pushed",
  },
  {
    id: "a006",
    does: "commits a file that becomes 1.5 GB of a few bytes",
    script: `printf '%s' "$PACK" | base64 -d > .git/objects/pack/pack-bomb.pack; printf '%s' "$INDEX" | base64 -d > .git/objects/pack/pack-bomb.idx
t=$(printf '100644 blob %s\\t%s\\n' $BOMB file $PIECE piece | git mktree --missing); git update-ref HEAD $(git commit-tree $t -p HEAD -m x)`,
    outcome: "too_large",
  },
  {
    id: "b001",
    does: "claims an encoding for a message with a credential",
    script: `${RAW_COMMIT}
git update-ref HEAD $(printf 'encoding IBM037\\n\\n%s\\n' $TOKEN | raw)`,
    outcome: "credentials",
  },
  {
    id: "b002",
    does: "writes a credential into an unknown line of a commit",
    script: `${RAW_COMMIT}
git update-ref HEAD $(printf 'x-key %s\\n\\nmessage\\n' $TOKEN | raw)`,
    outcome: "credentials",
  },
  {
    id: "b005",
    does: "writes a credential behind a zero in a message",
    script: `${RAW_COMMIT}
git update-ref HEAD $(printf '\\nmessage\\0%s\\n' $TOKEN | raw)`,
    outcome: "unreadable",
  },
  {
    id: "b006",
    does: "names an empty directory as a credential",
    script: `t=$(printf '040000 tree %s\\t%s\n' $(git mktree </dev/null) $TOKEN | git mktree); git update-ref HEAD $(git commit-tree $t -p HEAD -m x)`,
    outcome: "credentials",
  },
  {
    id: "b003",
    does: "names a file as a credential, between escape sequences and new lines",
    script: `touch $'\\e[31m\\n'$TOKEN$'\\n\\e[0m'; ${COMMIT_ALL}`,
    outcome: "credentials",
  },
  {
    id: "b004",
    does: "has programs and encodings for the comparison of a file with a credential",
    script: `
for key in diff.evil.command diff.evil.textconv diff.external; do git config $key 'touch /workspace/ran "$OUTSIDE/pwned"; true'; done
echo '* diff=evil -text working-tree-encoding=UTF-16 export-ignore' > .gitattributes; git add .gitattributes
printf '100644 %s 0\\tkey\\n' $(echo $TOKEN | git hash-object -w --stdin --no-filters) | git update-index --index-info; git commit -qm key`,
    outcome: "credentials",
  },
  {
    id: "c001",
    does: "replaces a commit that has a credential with one that hasn't",
    script: `echo x > good; ${COMMIT_ALL}; good=$(git rev-parse HEAD); git reset -q --hard $COMMIT; echo $TOKEN > key; ${COMMIT_ALL}; git replace HEAD $good`,
    outcome: "credentials",
  },
  {
    id: "c002",
    does: "replaces a file that has a credential with one that hasn't",
    script: `echo $TOKEN > key; ${COMMIT_ALL}; git replace $(git rev-parse HEAD:key) $(git rev-parse HEAD:README.md)`,
    outcome: "credentials",
  },
  {
    id: "c003",
    does: "grafts a history of its own onto the task's commit",
    script: `own=$(git commit-tree HEAD^{tree} -m x); echo "$own $COMMIT" > .git/info/grafts 2>/dev/null || { mkdir -p .git/info; echo "$own $COMMIT" > .git/info/grafts; }; git update-ref HEAD $own`,
    outcome: "not_based_on_start",
  },
  {
    id: "c004",
    does: "hides an older commit behind a shallow one",
    script: `echo $TOKEN > key; ${COMMIT_ALL}; git rm -q key; git commit -qm removed; git rev-parse HEAD > .git/shallow`,
    outcome: "unreadable",
  },
  {
    id: "c005",
    does: "promises objects that a remote of its own would have",
    script: `
echo x > y; ${COMMIT_ALL}; o=$(git rev-parse HEAD:y); rm -f .git/objects/\${o:0:2}/\${o:2}
git config core.repositoryFormatVersion 1; git config extensions.partialClone evil; git config remote.evil.promisor true
git config remote.evil.url 'ext::sh -c "touch /workspace/ran $OUTSIDE/pwned"'; git config protocol.allow always`,
    outcome: "unreadable",
  },
  {
    id: "c006",
    does: "makes parts of its repository links",
    script: `
echo x > y; ${COMMIT_ALL}
mv .git/objects /workspace/elsewhere; ln -s ../elsewhere .git/objects
mv .git/refs /workspace/others; ln -s /workspace/others .git/refs
rm .git/config; ln -s "$OUTSIDE/config" .git/config`,
    outcome: "pushed",
  },
  {
    id: "c007",
    does: "makes its newest commit a link to a file of the machine's",
    script: "rm .git/HEAD; ln -s /proc/1/environ .git/HEAD",
    outcome: "unreadable",
  },
  {
    id: "c008",
    does: "names a tag as its newest commit",
    script: `echo x > y; ${COMMIT_ALL}; git tag -a -m tag tag; echo ref: refs/tags/tag > .git/HEAD`,
    outcome: "unreadable",
  },
] as const;

/** The branches of tasks on the remote. */
function pushedBranches(): string {
  return git(remote, ["for-each-ref", "--format=%(refname:short)", "refs/heads/copilot"]);
}

describe.skipIf(!hasBubblewrap)("commits of an agent that", () => {
  test.for(ROWS)("$does: $outcome", async ({ id, script, outcome }) => {
    await workspaces.create(requestFor(id));
    await agent(id, script, packBomb(1.5 * 2 ** 30));
    const pushed = await workspaces.push(requestFor(id));
    expect(pushed.type === "stopped" ? pushed.reason : pushed.type).toBe(outcome);
    expect(pushedBranches().includes(id)).toBe(outcome === "pushed");
    expect(readdirSync(outside)).toEqual([]);
    expect(readdirSync(join(directory, "tasks", id)).filter((name) => name !== "pushed")).toEqual([
      "borrowed",
      "workspace",
    ]);
  });

  test("knows where other repositories and tasks are has none of their objects pushed", async () => {
    const other = join(root, "other.git");
    mkdirSync(other);
    const theirs = fillHostile(other, "somewhere else");
    const secret = git(other, ["rev-parse", `${theirs}:link`]);
    const access = { protocol: "file", url: `file://${other}`, token: null } as const;
    await workspaces.create({ ...requestFor("e004"), repositoryId: 4, access, commit: theirs });
    await workspaces.create(requestFor("e003"));
    const mirrored = join(directory, "mirrors", "4.git", "objects");
    const ofTask = join(directory, "tasks", "e004", "workspace", ".git", "objects");
    expect(git(join(mirrored, ".."), ["cat-file", "-t", secret])).toBe("blob");
    const tree = await agent(
      "e003",
      `printf '%s\\n%s\\n' "$MIRRORED" "$OF_TASK" >> .git/objects/info/alternates
t=$(printf '100644 blob %s\\tsecret\\n' "$SECRET" | git mktree --missing); git update-ref HEAD $(git commit-tree $t -p HEAD -m x); echo $t`,
      { MIRRORED: mirrored, OF_TASK: ofTask, SECRET: secret },
    );
    expect(tree).toMatch(/^[0-9a-f]{40}$/u);
    expect(await workspaces.push(requestFor("e003"))).toEqual({
      type: "stopped",
      reason: "unreadable",
    });
    expect(() => git(remote, ["cat-file", "-e", secret])).toThrow();
  });

  test("is isolated are read in a sandbox: outside, Git only pushes them", async () => {
    await workspaces.create(requestFor("e005"));
    await agent("e005", `echo x > y; ${COMMIT_ALL}`);
    const started = logGit("isolated");
    expect(await workspaces.push(requestFor("e005"))).toMatchObject({ type: "pushed" });
    expect(started()).toEqual(["init", "ls-remote", "push"]);
  });

  test("isn't isolated are read by the bot's user, within limits", async () => {
    const open = new GitWorkspaces({ directory, isolation: none(root), limits: LIMITS });
    const push = async (id: string, script: string) => {
      await open.create(requestFor(id));
      await agent(id, script, packBomb(1.5 * 2 ** 30));
      return open.push(requestFor(id));
    };
    const bomb = ROWS.find((row) => row.id === "a006")?.script ?? "";
    expect(await push("f001", bomb)).toEqual({ type: "stopped", reason: "too_large" });
    const started = logGit("open");
    expect(await push("f002", `echo x > y; ${COMMIT_ALL}`)).toMatchObject({ type: "pushed" });
    expect(started()).toEqual(expect.arrayContaining(["fetch", "index-pack", "log", "push"]));
  });
});

/** Has what the bot's user starts Git for written down, in a test; what Git starts itself isn't. */
function logGit(name: string): () => readonly string[] {
  const log = join(root, `${name}.log`);
  const bin = join(root, name);
  mkdirSync(bin);
  const program = spawnSync("sh", ["-c", "command -v git"]).stdout.toString().trim();
  const script = `#!/bin/sh\n[ -w ${log} ] && echo " $* " >>${log}\nexec ${program} "$@"\n`;
  writeFileSync(join(bin, "git"), script, { mode: 0o755 });
  writeFileSync(log, "", { mode: 0o600 });
  vi.stubEnv("PATH", `${bin}:${process.env["PATH"]}`);
  const commands = / (?<command>init|fetch|index-pack|log|ls-remote|push) /u;
  return () =>
    readFileSync(log, "utf8")
      .split("\n")
      .flatMap((line) => commands.exec(line)?.groups?.["command"] ?? []);
}

test("Git outside has limits, or isn't started", async () => {
  const limits = ["-c", "alias.limits=!ulimit -c; ulimit -v; ulimit -t", "limits"];
  const { output } = await runGit(root, limits, { isBounded: true });
  expect(output).toBe("0\n1048576\n120\n");
  // Only root may raise a limit.
  const [program, ...args] = [...asUser(USER), "bash", "-c"];
  const script = `ulimit -t 60\n${LIMIT_PROCESSES}\necho started`;
  const { status, stdout } = spawnSync(program, [...args, script]);
  expect([status, stdout.toString()]).toEqual([71, ""]);
});
