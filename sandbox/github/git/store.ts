import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflate } from "node:zlib";
import { ancestors } from "../state/git.ts";
import { objectsOf } from "../state/objects.ts";
import type { Commit, RepositoryRecord } from "../state/records.ts";
import { branchesIn } from "./git.ts";
import { importCommits } from "./import.ts";

/** How a branch was changed by a push; undefined where there's none. */
export interface BranchChange {
  readonly branch: string;
  readonly after: Commit | undefined;
}

/** The bare repositories on the disk, which Git itself serves. None is there before Git is asked for. */
export interface GitStore {
  /** The directory of all of them; a repository is the directory below that is named by its id. */
  directory(): Promise<string>;
  /** Puts a repository on the disk, as it is now. */
  write(repository: RepositoryRecord): Promise<void>;
  /** What was pushed to the repository since it was written. */
  changes(repository: RepositoryRecord): Promise<readonly BranchChange[]>;
  close(): Promise<void>;
}

/** Nobody but the server that serves it changes it, and hooks never run. */
const CONFIG = `[core]
	repositoryFormatVersion = 0
	bare = true
	hooksPath = /dev/null
[http]
	receivePack = true
[receive]
	autogc = false
	fsckObjects = true
	hideRefs = refs/pull
[uploadpack]
	allowAnySHA1InWant = true
	allowFilter = true
[gc]
	auto = 0
`;

/** A repository and all its forks. */
interface Network {
  readonly objects: string;
  /** Ids of the objects that are on the disk. */
  readonly stored: Set<string>;
  readonly commits: Map<string, Commit>;
}

export function createGitStore(): GitStore {
  let made: Promise<string> | undefined;
  const networks = new Map<number, Promise<Network>>();
  /** The branches of each repository as they were written. */
  const written = new Map<number, ReadonlyMap<string, string>>();

  function directory(): Promise<string> {
    made ??= mkdtemp(join(tmpdir(), "loopback-github-"));
    return made;
  }

  function networkOf({ network: id }: RepositoryRecord): Promise<Network> {
    const found = networks.get(id) ?? createNetwork(directory, id);
    networks.set(id, found);
    return found;
  }

  return {
    directory,
    async write(repository) {
      const home = join(await directory(), `${repository.id}.git`);
      const network = await networkOf(repository);
      if (!written.has(repository.id)) await createRepository(home, network);
      for (const commit of tipsOf(repository)) await store(network, commit);
      await writeRefs(home, repository);
      const ids = [...repository.branches].map(([name, { sha }]) => [name, sha] as const);
      written.set(repository.id, new Map(ids));
    },
    async changes(repository) {
      const home = join(await directory(), `${repository.id}.git`);
      const { commits, stored } = await networkOf(repository);
      const before = written.get(repository.id) ?? new Map<string, string>();
      const after = await branchesIn(home);
      const names = new Set([...before.keys(), ...after.keys()]);
      const changed = [...names].filter((name) => before.get(name) !== after.get(name));
      const changes: BranchChange[] = [];
      for (const branch of changed) {
        const sha = after.get(branch);
        if (sha !== undefined) await importCommits(home, sha, commits);
        changes.push({ branch, after: sha === undefined ? undefined : commits.get(sha) });
      }
      for (const sha of commits.keys()) stored.add(sha);
      return changes;
    },
    async close() {
      if (made !== undefined) await rm(await made, { recursive: true, force: true });
    },
  };
}

async function createNetwork(directory: () => Promise<string>, id: number): Promise<Network> {
  const objects = join(await directory(), `objects-${id}`);
  await mkdir(objects);
  return { objects, stored: new Set(), commits: new Map() };
}

async function createRepository(home: string, { objects }: Network): Promise<void> {
  await mkdir(join(home, "refs"), { recursive: true });
  await symlink(objects, join(home, "objects"));
  await writeFile(join(home, "config"), CONFIG);
}

/** Those of the branches, and of the pull requests, from forks too. */
function tipsOf({ branches, subjects }: RepositoryRecord): readonly Commit[] {
  const pulls = [...subjects.values()].filter((it) => it.type === "pull");
  return [...branches.values(), ...pulls.map(({ head }) => head.commit)];
}

async function store({ objects, stored, commits }: Network, tip: Commit): Promise<void> {
  if (stored.has(tip.sha)) return;
  for (const commit of ancestors(tip)) {
    commits.set(commit.sha, commit);
    for (const { sha, bytes } of stored.has(commit.sha) ? [] : objectsOf(commit)) {
      if (stored.has(sha)) continue;
      stored.add(sha);
      const below = join(objects, sha.slice(0, 2));
      await mkdir(below, { recursive: true });
      // What was pushed may be there already.
      await writeFile(join(below, sha.slice(2)), await promisify(deflate)(bytes));
    }
  }
}

async function writeRefs(home: string, repository: RepositoryRecord): Promise<void> {
  const { branches, defaultBranch, subjects } = repository;
  const pulls = [...subjects.values()].filter((it) => it.type === "pull");
  const refs = [
    ...[...branches].map(([name, { sha }]) => `${sha} refs/heads/${name}`),
    ...pulls.map(({ number, head }) => `${head.commit.sha} refs/pull/${number}/head`),
  ];
  // Refs in files of their own, as a push leaves them, come before these.
  await rm(join(home, "refs", "heads"), { recursive: true, force: true });
  await mkdir(join(home, "refs", "heads"));
  await writeFile(join(home, "packed-refs"), `${refs.join("\n")}\n`);
  await writeFile(join(home, "HEAD"), `ref: refs/heads/${defaultBranch}\n`);
}
