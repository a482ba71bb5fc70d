import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import PQueue from "p-queue";
import { repositoryAt } from "../core/github/repository-urls.ts";
import { LimitExceeded } from "../core/isolation/limits.ts";
import type { SandboxLimits } from "../core/isolation/limits.ts";
import { CHECK_OUT, CHECK_OUT_SUBMODULE } from "../core/workspace/git.ts";
import { lfsSettings } from "../core/workspace/lfs-filter.ts";
import { branchOfTask } from "../core/workspace/names.ts";
import type { DirectoryOwner, Isolation } from "../ports/isolation.ts";
import type { Log } from "../ports/log.ts";
import type {
  PushOutcome,
  Workspace,
  WorkspaceRequest,
  Workspaces,
  WorkspaceSubmodule,
} from "../ports/workspaces.ts";
import { borrowedBy, noteBorrowed } from "./borrowed.ts";
import { freeBytesAt } from "./bytes-in.ts";
import { runIsolated } from "./isolated.ts";
import { Mirrors } from "./mirrors.ts";
import { collectAndPush } from "./push.ts";
import { removeTree } from "./remove-tree.ts";
import { fetchSubmodules } from "./submodules.ts";

export interface WorkspaceOptions {
  /** A directory of the bot's own, on the disk where workspaces are. */
  readonly directory: string;
  readonly isolation: Isolation;
  /** For mirrors, for checking out, and for reading what was committed. */
  readonly limits: SandboxLimits;
  /** Where it's said what couldn't be fetched; nowhere, unless given. */
  readonly log?: Pick<Log, "warn">;
}

/** Bash's status for a program that was ended by SIGXFSZ, as `RLIMIT_FSIZE` does. */
const FILE_TOO_LARGE = 128 + 25;

/** A bare mirror for each repository, and for each task a repository of its own that borrows the mirror's objects. */
export class GitWorkspaces implements Workspaces {
  readonly #options: WorkspaceOptions;
  readonly #mirrors: Mirrors;
  /** For each task that pushes, one push at a time. */
  readonly #pushing = new Map<string, PQueue>();

  constructor(options: WorkspaceOptions) {
    this.#options = options;
    this.#mirrors = new Mirrors({
      directory: join(options.directory, "mirrors"),
      limits: options.limits,
      make: async (directory) => this.#make(directory, "bot"),
      borrowed: async (repositoryId) => this.#borrowed(repositoryId),
      log: options.log ?? null,
    });
  }

  async create(request: WorkspaceRequest, onMade?: () => void): Promise<Workspace> {
    const { id, checkout = [] } = request;
    await this.#assertRoom();
    const directory = this.#taskDirectory(id);
    await this.#mirrors.fetch(request, async () => {
      await removeTree(directory);
      await this.#make(directory, "bot");
      await noteBorrowed(directory, request);
    });
    try {
      const fetch = async (one: WorkspaceSubmodule) =>
        this.#mirrors.fetch({ ...one, id, checkout }, async () => noteBorrowed(directory, one));
      const submodules = await fetchSubmodules(request, fetch, this.#options.log);
      const workspace = this.placeOf(request);
      await this.#make(workspace.directory, "sandboxes");
      onMade?.();
      await this.#checkOut(workspace, { ...request, submodules });
      return workspace;
    } catch (error) {
      await this.remove(id);
      throw error;
    }
  }

  async #checkOut(workspace: Workspace, request: WorkspaceRequest): Promise<void> {
    const { commit, branch, access, submodules = [] } = request;
    const own = [commit, workspace.objects, access.url, branchOfTask(branch)];
    const what = `Commit ${commit} of ${repositoryAt(access.url)}`;
    await this.#run(workspace, CHECK_OUT, [...own, ...this.#lfsSettings(request)], what);
    for (const { path, ...one } of submodules) {
      const objects = this.#objectsOf(one.repositoryId);
      const args = [one.commit, objects, one.access.url, path];
      const settings = this.#lfsSettings({ ...request, ...one });
      const its = `Commit ${one.commit} of ${repositoryAt(one.access.url)}`;
      await this.#run(workspace, CHECK_OUT_SUBMODULE, [...args, ...settings], its);
    }
  }

  async #run(
    workspace: Workspace,
    script: string,
    args: readonly string[],
    what: string,
  ): Promise<void> {
    const { status, exceeded } = await runIsolated(this.#options, { workspace, script, args });
    if (status === 0) return;
    const limit = status === FILE_TOO_LARGE ? "disk" : exceeded;
    // This has a time of its own, which no setting changes.
    if (limit === "time") throw new Error(`${what} takes too long to check out`);
    if (limit !== null) throw new LimitExceeded(limit, `${what} is too large`);
    throw new Error(`${what} can't be checked out`);
  }

  #lfsSettings({ repositoryId, checkout = [] }: WorkspaceRequest): readonly string[] {
    return checkout.includes("lfs") ? lfsSettings(this.#mirrors.lfsOf(repositoryId)).flat() : [];
  }

  #objectsOf(repositoryId: number): string {
    return join(this.#mirrors.directoryOf(repositoryId), "objects");
  }

  async push(request: WorkspaceRequest): Promise<PushOutcome> {
    const { id } = request;
    const whole = {
      ...request,
      workspace: this.placeOf(request),
      directory: this.#taskDirectory(id),
    };
    const queue = this.#pushing.get(id) ?? new PQueue({ concurrency: 1 });
    this.#pushing.set(id, queue);
    try {
      return await queue.add(async () => collectAndPush(this.#options, whole));
    } finally {
      if (queue.size + queue.pending === 0) this.#pushing.delete(id);
    }
  }

  async remove(id: string): Promise<void> {
    await removeTree(this.#taskDirectory(id));
  }

  async sweep(ids: ReadonlySet<string>): Promise<void> {
    for (const id of (await this.#tasks()).filter((one) => !ids.has(one))) await this.remove(id);
  }

  async tidy(now: Date): Promise<void> {
    await this.#mirrors.tidy(now);
  }

  async #tasks(): Promise<readonly string[]> {
    return readdir(join(this.#options.directory, "tasks")).catch(() => []);
  }

  async #borrowed(repositoryId: number): Promise<readonly string[]> {
    const all = (await this.#tasks()).flatMap((id) => borrowedBy(this.#taskDirectory(id)));
    return all.filter((one) => one.repositoryId === repositoryId).map(({ commit }) => commit);
  }

  async #assertRoom(): Promise<void> {
    const { directory, limits } = this.#options;
    await this.#make(directory, "bot");
    if ((await freeBytesAt(directory)) < limits.freeDisk)
      throw new LimitExceeded("free_disk", "The disk has no room for a workspace");
  }

  async #make(directory: string, owner: DirectoryOwner): Promise<void> {
    await this.#options.isolation.makeDirectory(this.#options.directory, directory, owner);
  }

  placeOf({ id, repositoryId }: Pick<WorkspaceRequest, "id" | "repositoryId">): Workspace {
    const directory = this.#taskDirectory(id);
    const borrowed = borrowedBy(directory).map((one) => one.repositoryId);
    const readable = [...new Set([repositoryId, ...borrowed])].flatMap((from) => {
      const lfs = this.#mirrors.lfsOf(from);
      return existsSync(lfs) ? [this.#objectsOf(from), lfs] : [this.#objectsOf(from)];
    });
    return {
      directory: join(directory, "workspace"),
      objects: this.#objectsOf(repositoryId),
      readable,
    };
  }

  #taskDirectory(id: string): string {
    if (!/^[0-9a-f-]{4,36}$/u.test(id)) throw new Error(`No task's id: ${JSON.stringify(id)}`);
    return join(this.#options.directory, "tasks", id);
  }
}
