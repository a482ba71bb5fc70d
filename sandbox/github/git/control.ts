import { moveBranch } from "../branches.ts";
import { sendWebhooks } from "../github.ts";
import type { Parts, RepositoryEvent } from "../parts.ts";
import type { RepositoryName } from "../shapes.ts";
import type { LfsStore } from "./lfs.ts";
import { ancestors, blobOf, commitOf } from "../state/git.ts";
import { signatureOf } from "../state/objects.ts";
import type { AccountRecord, Blob, Commit, FileMode, Signature } from "../state/records.ts";
import { findRepository, now } from "../state/state.ts";

/** A file to commit: its content, and how Git lists it; null deletes it. */
export type SeededFile =
  | string
  | Buffer
  | null
  | { readonly content: string | Buffer; readonly mode: Exclude<FileMode, "160000"> }
  /** A submodule, at a commit of another repository. */
  | { readonly submodule: string };

/** What is to be committed. */
export interface SeededCommit {
  /** By path. What isn't named stays as it is. */
  readonly files: Readonly<Record<string, SeededFile>>;
  readonly message?: string;
  /** The default branch unless given; one that isn't there begins at the default branch. */
  readonly branch?: string;
}

/** A commit as Git has it. */
export interface SeenCommit {
  readonly id: string;
  readonly message: string;
  readonly author: Signature;
  readonly parents: readonly string[];
}

/** What is in the repositories, for those who tell stories of it. */
export interface GitControl {
  /** Where Git reaches a repository. */
  url(repository: RepositoryName): string;
  /** Commits as the organization's owner; gives the commit's id. */
  commit(repository: RepositoryName, commit: SeededCommit): Promise<string>;
  /** Puts content into a repository's Git LFS, as a client uploads it; gives the pointer to commit. */
  storeInLfs(repository: RepositoryName, content: string | Buffer): string;
  /** The branches, and the ids of their latest commits. */
  branches(repository: RepositoryName): Readonly<Record<string, string>>;
  /** The files of a branch as text, by path; the default branch unless given. */
  files(repository: RepositoryName, branch?: string): Readonly<Record<string, string>>;
  /** The commits of a branch, the latest first. */
  commits(repository: RepositoryName, branch?: string): readonly SeenCommit[];
}

export function gitControl(parts: Parts, author: AccountRecord, lfs: LfsStore): GitControl {
  function find(place: RepositoryName) {
    const found = findRepository(parts.state, place);
    if (found === undefined) throw new Error(`There is no ${place.owner}/${place.repo}`);
    return found;
  }

  function tipOf(place: RepositoryName, branch?: string): Commit {
    const { branches, defaultBranch } = find(place);
    const tip = branches.get(branch ?? defaultBranch);
    if (tip === undefined) throw new Error(`There is no branch ${branch} in ${place.repo}`);
    return tip;
  }

  return {
    url: ({ owner, repo }) => `http://${parts.host}/${owner}/${repo}.git`,
    async commit(place, { files, message = "Change files", branch }) {
      const repository = find(place);
      const { defaultBranch } = repository;
      const onto = branch ?? defaultBranch;
      const parent = repository.branches.get(onto) ?? tipOf(place);
      const changed = new Map(parent.files);
      for (const [path, file] of Object.entries(files)) {
        if (file === null) changed.delete(path);
        else changed.set(path, blobFrom(file));
      }
      const made = { files: changed, parents: [parent], message, author, date: now() };
      const commit = commitOf(made);
      const emitted: RepositoryEvent[] = [];
      const emit = (event: RepositoryEvent) => void emitted.push(event);
      moveBranch({ ...parts, emit }, repository, onto, commit);
      await sendWebhooks(emitted, author, parts);
      return commit.sha;
    },
    storeInLfs: (place, content) => lfs.add(find(place), Buffer.from(content)),
    branches: (place) =>
      Object.fromEntries([...find(place).branches].map(([name, { sha }]) => [name, sha])),
    files(place, branch) {
      const { files } = tipOf(place, branch);
      return Object.fromEntries([...files].map(([path, { bytes }]) => [path, bytes.toString()]));
    },
    commits: (place, branch) => [...ancestors(tipOf(place, branch))].map(seen),
  };
}

function blobFrom(file: Exclude<SeededFile, null>): Blob {
  if (typeof file === "string" || Buffer.isBuffer(file)) return blobOf(Buffer.from(file));
  if ("submodule" in file) return { sha: file.submodule, bytes: Buffer.of(), mode: "160000" };
  return { ...blobOf(Buffer.from(file.content)), mode: file.mode };
}

function seen(commit: Commit): SeenCommit {
  const { sha: id, message, parents } = commit;
  return { id, message, author: signatureOf(commit), parents: parents.map(({ sha }) => sha) };
}
