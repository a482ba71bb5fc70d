import { setTimeout as sleep } from "node:timers/promises";
import PQueue from "p-queue";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { Task } from "../../core/task/task.ts";
import { workPlaceOf } from "../../core/task/thread-place.ts";
import { isCommitId } from "../../core/workspace/names.ts";
import {
  isSubmodulePath,
  MAX_SUBMODULE_DEPTH,
  MAX_SUBMODULE_REPOSITORIES,
  MAX_SUBMODULES,
  submoduleRepository,
} from "../../core/workspace/submodules.ts";
import type {
  FoundSubmodule,
  SubmoduleList,
  SubmoduleToken,
  UnreadableRepository,
} from "../../ports/github.ts";
import type { Ports } from "../../ports/ports.ts";
import type { HostedSubmodule } from "../../ports/session-host.ts";

/** What looking for submodules takes. */
export interface SubmoduleParts {
  readonly ports: Pick<Ports, "github" | "log">;
  readonly hosts: Pick<GitHubHosts, "web">;
  /** For how long it's looked; 20 seconds, unless given. */
  readonly submodulesMs?: number;
}

/** Why a directory of a submodule stays empty. */
type LeftOutReason =
  | UnreadableRepository
  | "address"
  | "path"
  | "no_commit"
  | "too_many"
  /** GitHub hadn't answered when the time was over. */
  | "too_slow";

/** A submodule whose directory stays empty. */
export interface LeftOutSubmodule {
  /** With `*` at the end, it stands for all that are below. */
  readonly path: string;
  readonly reason: LeftOutReason;
  /** How many there are, if there's more than this one. */
  readonly count?: number;
}

/** Where submodules are looked for: a commit, and where its files are in the workspace. */
interface Level {
  readonly repository: string;
  readonly commit: string;
  /** "" at the top; otherwise, with a slash at the end. */
  readonly below: string;
}

/** Below the time for which a worker waits for tokens, and above what it takes until GitHub has failed for good, in milliseconds. */
const SEARCH_MS = 20_000;
/** Requests at once. */
const CONCURRENCY = 5;

type Refused = { readonly type: UnreadableRepository };
const TOO_SLOW = { type: "too_slow" } as const;

/**
 * Looks for the submodules of a task, and for those in them. Whoever writes `.gitmodules` decides what's looked at, so the
 * number of requests is limited, and the time: what isn't known by then is left out.
 */
export class SubmoduleSearch {
  readonly #parts: SubmoduleParts;
  readonly #task: Task;
  readonly #owner: string;
  readonly #queue = new PQueue({ concurrency: CONCURRENCY });
  /** What GitHub was asked already: a repository may be a submodule in many places. */
  readonly #lists = new Map<string, Promise<SubmoduleList | Refused>>();
  readonly #tokens = new Map<string, Promise<SubmoduleToken | Refused>>();
  readonly #found: HostedSubmodule[] = [];
  readonly #leftOut: LeftOutSubmodule[] = [];
  readonly #over = new AbortController();
  /** Resolves when the time is over. */
  readonly #late: Promise<typeof TOO_SLOW>;

  /** Its time begins now. */
  constructor(parts: SubmoduleParts, task: Task) {
    this.#parts = parts;
    this.#task = task;
    this.#owner = workPlaceOf(task).owner;
    this.#late = this.#untilLate(parts.submodulesMs ?? SEARCH_MS);
  }

  /** Looks from a commit on. Rejects when GitHub doesn't answer as asked. */
  async from(repository: string, commit: string) {
    try {
      let levels: readonly Level[] = [{ repository, commit, below: "" }];
      for (let depth = 0; depth < MAX_SUBMODULE_DEPTH && levels.length > 0; depth += 1)
        levels = await this.#below(levels);
      return { found: this.#found, leftOut: this.#leftOut };
    } finally {
      this.#end();
    }
  }

  async #untilLate(milliseconds: number): Promise<typeof TOO_SLOW> {
    await sleep(milliseconds, undefined, { signal: this.#over.signal }).catch(() => {});
    this.#end();
    return TOO_SLOW;
  }

  /** From now on, nothing more is asked. */
  #end(): void {
    this.#over.abort();
    this.#queue.clear();
  }

  /** Looks for submodules at each of these. @returns where those are that were found */
  async #below(levels: readonly Level[]): Promise<readonly Level[]> {
    const lists = await Promise.all(levels.map(async (level) => this.#listed(level)));
    const judged = await Promise.all(
      lists.flat().map(async ({ level, one }) => {
        return { level, one, judgment: await this.#judge(level, one) };
      }),
    );
    return judged.flatMap(({ level, one, judgment }) => this.#settle(level, one, judgment));
  }

  /** Those that a commit has. */
  async #listed(level: Level) {
    const { repository, commit, below } = level;
    const list = await this.#within(this.#lists, `${repository}@${commit}`, () =>
      this.#parts.ports.github.submodulesAt(this.#task, repository, commit),
    );
    if (list.type !== "list") {
      this.#leaveOut(`${below}*`, list.type);
      return [];
    }
    const { submodules, count } = list;
    const unlisted = count - submodules.length;
    if (unlisted > 0) this.#leaveOut(`${below}*`, "too_many", unlisted);
    return submodules.map((one) => ({ level, one }));
  }

  async #judge(
    level: Level,
    { path, address, commit }: FoundSubmodule,
  ): Promise<SubmoduleToken | { readonly type: LeftOutReason }> {
    if (this.#found.length >= MAX_SUBMODULES) return { type: "too_many" };
    if (!isSubmodulePath(`${level.below}${path}`)) return { type: "path" };
    if (commit === null || !isCommitId(commit)) return { type: "no_commit" };
    const parent = { owner: this.#owner, repository: level.repository };
    const named = submoduleRepository(address, this.#parts.hosts.web, parent);
    return named === null ? { type: "address" } : this.#tokenFor(named);
  }

  async #tokenFor(repository: string): Promise<SubmoduleToken | { readonly type: LeftOutReason }> {
    const key = repository.toLowerCase();
    if (!this.#tokens.has(key) && this.#tokens.size >= MAX_SUBMODULE_REPOSITORIES)
      return { type: "too_many" };
    return this.#within(this.#tokens, key, () =>
      this.#parts.ports.github.submoduleToken(this.#task, repository),
    );
  }

  /** What GitHub says, asked once, if it does so in time. */
  async #within<Answer>(
    known: Map<string, Promise<Answer>>,
    key: string,
    ask: () => Promise<Answer>,
  ): Promise<Answer | typeof TOO_SLOW> {
    if (this.#over.signal.aborted && !known.has(key)) return TOO_SLOW;
    const asking = known.get(key) ?? this.#queue.add(ask);
    known.set(key, asking);
    return Promise.race([asking, this.#late]);
  }

  /** Takes one, or leaves it out. @returns where it is, if it's taken */
  #settle(
    { below }: Level,
    { path, commit }: FoundSubmodule,
    judgment: SubmoduleToken | { readonly type: LeftOutReason },
  ): readonly Level[] {
    const whole = `${below}${path}`;
    const isRoom = this.#found.length < MAX_SUBMODULES;
    if (judgment.type !== "readable" || commit === null || !isRoom) {
      this.#leaveOut(whole, judgment.type === "readable" ? "too_many" : judgment.type);
      return [];
    }
    if (this.#found.some((one) => one.path === whole)) {
      this.#leaveOut(whole, "path");
      return [];
    }
    const { repository, repositoryId, token } = judgment;
    this.#found.push({ path: whole, owner: this.#owner, repository, repositoryId, commit, token });
    return [{ repository, commit, below: `${whole}/` }];
  }

  #leaveOut(path: string, reason: LeftOutReason, count = 1): void {
    this.#leftOut.push({ path: path.slice(0, 200), reason, ...(count > 1 && { count }) });
  }
}
