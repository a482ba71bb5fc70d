import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import PQueue from "p-queue";
import { repositoryAt } from "../core/github/repository-urls.ts";
import type { SandboxLimits } from "../core/isolation/limits.ts";
import { LimitExceeded } from "../core/isolation/limits.ts";
import { isCommitId } from "../core/workspace/names.ts";
import type { Log } from "../ports/log.ts";
import type { WorkspaceRequest } from "../ports/workspaces.ts";
import { bytesIn, freeBytesAt } from "./bytes-in.ts";
import { mustGit, runGit } from "./git.ts";
import { fetchLfs, pruneLfs } from "./lfs.ts";
import { removeTree } from "./remove-tree.ts";

export interface MirrorOptions {
  /** A directory of the bot's own for the mirrors. */
  readonly directory: string;
  readonly limits: Pick<SandboxLimits, "disk" | "freeDisk">;
  /** Makes a mirror's directory, which sandboxes read. */
  make(directory: string): Promise<void>;
  /** The commits on which tasks work now, whose objects they borrow. */
  borrowed(repositoryId: number): Promise<readonly string[]>;
  /** Where it's said what couldn't be fetched. */
  readonly log: Pick<Log, "warn"> | null;
}

/** Milliseconds between two looks at how large a mirror has become. */
const INTERVAL = 500;
const DAY_MS = 24 * 60 * 60_000;
/** Days for which a mirror stays that no task uses. */
const UNUSED_DAYS = 30;
/** The commit that was last asked for; as old as that. And an empty file as old as the last `git gc`. */
const USED = "bot-used";
const COLLECTED = "bot-collected";

/** What's fetched for a task. */
type Fetched = Pick<WorkspaceRequest, "id" | "repositoryId" | "access" | "commit" | "checkout">;

/** A bare mirror for each repository: the commits that tasks begin with, each under a ref of its own. */
export class Mirrors {
  readonly #options: MirrorOptions;
  /** For each repository, one thing at a time. */
  readonly #queues = new Map<number, PQueue>();
  /** Ends what nobody waits for. */
  readonly #collecting = new Map<number, AbortController>();

  constructor(options: MirrorOptions) {
    this.#options = options;
  }

  directoryOf(repositoryId: number): string {
    if (!Number.isSafeInteger(repositoryId)) throw new Error("No repository's id");
    return join(this.#options.directory, `${repositoryId}.git`);
  }

  /** Where the objects of Git LFS are, each named by its id. */
  lfsOf(repositoryId: number): string {
    return join(this.directoryOf(repositoryId), "lfs");
  }

  /**
   * Fetches a commit, unless it's there, and its objects of Git LFS if they're wanted.
   *
   * @param borrow from when on `borrowed` has the commit; nothing is removed before
   * @throws LimitExceeded
   */
  async fetch(request: Fetched, borrow: () => Promise<void>): Promise<void> {
    const { repositoryId, commit, access } = request;
    if (!isCommitId(commit)) throw new Error(`No commit's id: ${JSON.stringify(commit)}`);
    this.#collecting.get(repositoryId)?.abort();
    try {
      await this.#queueOf(repositoryId).add(async () => this.#fetchWithinLimits(request, borrow));
    } catch (error) {
      // A task may have several: whoever reads this has to know which one.
      if (!(error instanceof LimitExceeded)) throw error;
      throw new LimitExceeded(error.limit, `${repositoryAt(access.url)}: ${error.message}`);
    }
  }

  async #fetchWithinLimits(request: Fetched, borrow: () => Promise<void>): Promise<void> {
    const { repositoryId, commit } = request;
    const mirror = this.directoryOf(repositoryId);
    if (!(await this.#fetchAll(mirror, request))) {
      // What it has from before may be what's too large.
      if ((await this.#options.borrowed(repositoryId)).length > 0) throw tooLarge(this.#options);
      await removeTree(mirror);
      if (!(await this.#fetchAll(mirror, request))) {
        await removeTree(mirror);
        throw tooLarge(this.#options);
      }
    }
    await writeFile(join(mirror, USED), commit);
    await borrow();
  }

  /** Removes what no task needs: see `Workspaces.tidy`. */
  async tidy(now: Date): Promise<void> {
    for (const name of await readdir(this.#options.directory).catch(() => [])) {
      const repositoryId = Number(name.replace(/\.git$/u, ""));
      const collecting = new AbortController();
      this.#collecting.set(repositoryId, collecting);
      await this.#queueOf(repositoryId).add(async () =>
        this.#tidyOne(repositoryId, now, collecting.signal),
      );
      this.#collecting.delete(repositoryId);
    }
  }

  async #tidyOne(repositoryId: number, now: Date, signal: AbortSignal): Promise<void> {
    const mirror = this.directoryOf(repositoryId);
    const borrowed = await this.#options.borrowed(repositoryId);
    const used = await timeOf(join(mirror, USED));
    if (borrowed.length === 0 && now.getTime() - used > UNUSED_DAYS * DAY_MS) {
      await removeTree(mirror);
      return;
    }
    // What's fetched next usually builds on the newest.
    const newest = await readFile(join(mirror, USED), "utf8").catch(() => "");
    await dropRefs(mirror, new Set([...borrowed, newest]));
    await pruneLfs(mirror, this.lfsOf(repositoryId), [...borrowed, newest].filter(isCommitId));
    const collected = await timeOf(join(mirror, COLLECTED));
    const isDue = used > collected && now.getTime() - collected > DAY_MS;
    // Git would take objects away from under the agents' own repositories.
    if (borrowed.length > 0 || !isDue || signal.aborted) return;
    await writeFile(join(mirror, COLLECTED), "");
    await runGit(mirror, [...FRUGAL, "gc", "--quiet", "--prune=now"], { signal });
  }

  /** False when that takes more space than it may. */
  async #fetchAll(mirror: string, request: Fetched): Promise<boolean> {
    if (!(await this.#fetchInto(mirror, request))) return false;
    const { id: taskId, repositoryId, checkout = [] } = request;
    if (!checkout.includes("lfs")) return true;
    const { limits, log } = this.#options;
    const directory = this.lfsOf(repositoryId);
    await this.#options.make(directory);
    const borrowed = async () => this.#options.borrowed(repositoryId);
    const missing = await fetchLfs({ mirror, directory, limits, borrowed }, request);
    if (missing === null) return false;
    if (missing.length > 0)
      log?.warn({ taskId, missing: missing.slice(0, 10) }, "objects of Git LFS aren't on GitHub");
    return true;
  }

  /** False when that takes more space than it may. */
  async #fetchInto(mirror: string, { commit, access }: Fetched): Promise<boolean> {
    const { limits } = this.#options;
    await this.#options.make(mirror);
    const ref = `refs/commits/${commit}`;
    if ((await runGit(mirror, ["show-ref", "--verify", "--quiet", ref])).status === 0) return true;
    await mustGit(mirror, ["init", "--quiet", "--bare", "--template=", "--shared=0644"]);
    const options = ["--quiet", "--no-tags", "--no-write-fetch-head", "--end-of-options"];
    const ending = new AbortController();
    const { signal } = ending;
    const measuring = setInterval(() => {
      isOver(mirror, limits).then(
        (isTooMuch) => isTooMuch && ending.abort(),
        () => {},
      );
    }, INTERVAL);
    try {
      await mustGit(mirror, ["fetch", ...options, access.url, `+${commit}:${ref}`], {
        access,
        signal,
      });
    } catch (error) {
      await removePartial(mirror);
      if (signal.aborted) return assertRoom(mirror, limits);
      throw error;
    } finally {
      clearInterval(measuring);
    }
    const isTooMuch = await isOver(mirror, limits);
    const type = await mustGit(mirror, ["cat-file", "-t", commit]);
    if (!isTooMuch && type === "commit\n") return true;
    await mustGit(mirror, ["update-ref", "-d", ref]);
    if (isTooMuch) return assertRoom(mirror, limits);
    // What a repository has in place of a submodule's commit may name anything.
    throw new Error(`${commit} is no commit`);
  }

  #queueOf(repositoryId: number): PQueue {
    const queue = this.#queues.get(repositoryId) ?? new PQueue({ concurrency: 1 });
    this.#queues.set(repositoryId, queue);
    return queue;
  }
}

/** One processor, and not much memory, whatever the repository is. */
const FRUGAL = [
  "-c",
  "pack.threads=1",
  "-c",
  "pack.windowMemory=64m",
  "-c",
  "pack.deltaCacheSize=64m",
];

function tooLarge({ limits }: MirrorOptions): LimitExceeded {
  const megabytes = Math.floor(limits.disk / 2 ** 20);
  return new LimitExceeded(
    "disk",
    `The repository is larger than ${megabytes} MB (SELF_HOSTED_DISK_MB)`,
  );
}

async function isOver(mirror: string, limits: MirrorOptions["limits"]): Promise<boolean> {
  return (await bytesIn(mirror)) > limits.disk || (await freeBytesAt(mirror)) < limits.freeDisk;
}

/** @throws LimitExceeded when the disk is what's too small */
async function assertRoom(mirror: string, { freeDisk }: MirrorOptions["limits"]): Promise<false> {
  if ((await freeBytesAt(mirror)) < freeDisk)
    throw new LimitExceeded("free_disk", "The disk has no room for the repository");
  return false;
}

/** What a fetch leaves behind that was ended. */
async function removePartial(mirror: string): Promise<void> {
  const packs = join(mirror, "objects", "pack");
  const found = await readdir(packs).catch(() => []);
  for (const name of found.filter((one) => one.startsWith("tmp_"))) await rm(join(packs, name));
}

async function dropRefs(mirror: string, kept: ReadonlySet<string>): Promise<void> {
  const refs = await mustGit(mirror, ["for-each-ref", "--format=%(refname)", "refs/commits"]);
  for (const ref of refs.split("\n").filter(Boolean)) {
    if (!kept.has(ref.slice("refs/commits/".length)))
      await mustGit(mirror, ["update-ref", "-d", ref]);
  }
}

/** When a file was written, in milliseconds; 0 for never. */
async function timeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.mtimeMs ?? 0;
}
