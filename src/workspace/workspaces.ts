import { readdir, statfs } from "node:fs/promises";
import { join } from "node:path";
import PQueue from "p-queue";
import { LimitExceeded } from "../core/isolation/limits.ts";
import type { SandboxLimits } from "../core/isolation/limits.ts";
import { CHECK_OUT } from "../core/workspace/git.ts";
import { branchOfTask, isCommitId } from "../core/workspace/names.ts";
import type { DirectoryOwner, Isolation } from "../ports/isolation.ts";
import type { PushOutcome, Workspace, WorkspaceRequest, Workspaces } from "../ports/workspaces.ts";
import { runIsolated } from "./isolated.ts";
import { mustGit, runGit } from "./git.ts";
import { collectAndPush } from "./push.ts";
import { removeTree } from "./remove-tree.ts";

export interface WorkspaceOptions {
  /** A directory of the bot's own, on the disk where workspaces are. */
  readonly directory: string;
  readonly isolation: Isolation;
  /** For checking out, and for reading what was committed. */
  readonly limits: SandboxLimits;
}

/** Bash's status for a program that was ended by SIGXFSZ, as `RLIMIT_FSIZE` does. */
const FILE_TOO_LARGE = 128 + 25;

/** A bare mirror for each repository, and for each task a repository of its own that borrows the mirror's objects. */
export class GitWorkspaces implements Workspaces {
  readonly #options: WorkspaceOptions;
  /** One fetch at a time for each repository. */
  readonly #fetches = new Map<number, PQueue>();

  constructor(options: WorkspaceOptions) {
    this.#options = options;
  }

  async create(request: WorkspaceRequest): Promise<Workspace> {
    const { id, commit, branch, access } = request;
    await this.#assertRoom();
    const mirror = await this.#fetch(request);
    const workspace = this.#workspaceOf(request);
    await removeTree(this.#taskDirectory(id));
    await this.#make(this.#taskDirectory(id), "bot");
    await this.#make(workspace.directory, "sandboxes");
    const { status, exceeded } = await runIsolated(this.#options, {
      workspace,
      script: CHECK_OUT,
      args: [commit, join(mirror, "objects"), branchOfTask(branch), access.url],
    });
    if (status !== 0) {
      await this.remove(id);
      const limit = status === FILE_TOO_LARGE ? "disk" : exceeded;
      if (limit !== null) throw new LimitExceeded(limit, `Commit ${commit} is too large`);
      throw new Error(`Commit ${commit} can't be checked out`);
    }
    return workspace;
  }

  async push(request: WorkspaceRequest): Promise<PushOutcome> {
    return collectAndPush(this.#options, {
      ...request,
      workspace: this.#workspaceOf(request),
      directory: this.#taskDirectory(request.id),
    });
  }

  async remove(id: string): Promise<void> {
    await removeTree(this.#taskDirectory(id));
  }

  async sweep(ids: ReadonlySet<string>): Promise<void> {
    const found = await readdir(join(this.#options.directory, "tasks")).catch(() => []);
    for (const id of found.filter((one) => !ids.has(one))) await this.remove(id);
  }

  /** Fetches the commit, unless it's there; returns the mirror. */
  async #fetch({ repositoryId, commit, access }: WorkspaceRequest): Promise<string> {
    if (!isCommitId(commit)) throw new Error(`No commit's id: ${JSON.stringify(commit)}`);
    const mirror = this.#mirrorOf(repositoryId);
    const queue = this.#fetches.get(repositoryId) ?? new PQueue({ concurrency: 1 });
    this.#fetches.set(repositoryId, queue);
    await queue.add(async () => {
      await this.#make(mirror, "bot");
      await mustGit(mirror, ["init", "--quiet", "--bare", "--template=", "--shared=0644"]);
      const ref = `refs/commits/${commit}`;
      if ((await runGit(mirror, ["show-ref", "--verify", "--quiet", ref])).status === 0) return;
      const options = ["--quiet", "--no-tags", "--no-write-fetch-head", "--end-of-options"];
      await mustGit(mirror, ["fetch", ...options, access.url, `+${commit}:${ref}`], access);
    });
    return mirror;
  }

  async #assertRoom(): Promise<void> {
    const { directory, limits } = this.#options;
    await this.#make(directory, "bot");
    const { bavail, bsize } = await statfs(directory);
    if (bavail * bsize < limits.freeDisk)
      throw new LimitExceeded("free_disk", "The disk has no room for a workspace");
  }

  async #make(directory: string, owner: DirectoryOwner): Promise<void> {
    await this.#options.isolation.makeDirectory(this.#options.directory, directory, owner);
  }

  #mirrorOf(repositoryId: number): string {
    if (!Number.isSafeInteger(repositoryId)) throw new Error("No repository's id");
    return join(this.#options.directory, "mirrors", `${repositoryId}.git`);
  }

  #workspaceOf({ id, repositoryId }: WorkspaceRequest): Workspace {
    return {
      directory: join(this.#taskDirectory(id), "workspace"),
      objects: join(this.#mirrorOf(repositoryId), "objects"),
    };
  }

  #taskDirectory(id: string): string {
    if (!/^[0-9a-f-]{4,36}$/u.test(id)) throw new Error(`No task's id: ${JSON.stringify(id)}`);
    return join(this.#options.directory, "tasks", id);
  }
}
