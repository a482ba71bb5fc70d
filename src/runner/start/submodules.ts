import type { GitHubHosts } from "../../core/github/hosts.ts";
import type { Task } from "../../core/task/task.ts";
import { workPlaceOf } from "../../core/task/thread-place.ts";
import { isCommitId } from "../../core/workspace/names.ts";
import {
  isSubmodulePath,
  MAX_SUBMODULE_DEPTH,
  MAX_SUBMODULES,
  submoduleRepository,
} from "../../core/workspace/submodules.ts";
import type { FoundSubmodule, UnreadableRepository } from "../../ports/github.ts";
import type { Ports } from "../../ports/ports.ts";
import type { HostedSubmodule } from "../../ports/session-host.ts";

/** What looking for submodules takes. */
export interface SubmoduleParts {
  readonly ports: Pick<Ports, "github" | "log">;
  readonly hosts: Pick<GitHubHosts, "web">;
}

/** Why a directory of a submodule stays empty. */
type LeftOut = UnreadableRepository | "address" | "path" | "no_commit" | "too_many";

const MAX_LOGGED = 30;

/** Where submodules are looked for: a commit, and where its files are in the workspace. */
interface Level {
  readonly repository: string;
  readonly commit: string;
  /** "" at the top; otherwise, with a slash at the end. */
  readonly below: string;
}

/**
 * The submodules that a task's session gets, with a token for each: those of the same owner that the requester can read.
 * The directories of all others stay empty, and the log says why. None where the policy doesn't say so.
 */
export async function submodulesOf(
  parts: SubmoduleParts,
  task: Task,
): Promise<readonly HostedSubmodule[]> {
  const { hosting } = task.session;
  if (hosting?.checkout.includes("submodules") !== true) return [];
  const leftOut: { path: string; reason: LeftOut }[] = [];
  const found: HostedSubmodule[] = [];
  const { repository } = workPlaceOf(task);
  let levels: readonly Level[] = [{ repository, commit: task.decision.commit ?? "", below: "" }];
  for (let depth = 0; depth < MAX_SUBMODULE_DEPTH && levels.length > 0; depth += 1) {
    const next: Level[] = [];
    for (const level of levels) {
      for (const one of await parts.ports.github.submodulesAt(
        task,
        level.repository,
        level.commit,
      )) {
        const path = `${level.below}${one.path}`;
        const read =
          found.length < MAX_SUBMODULES ? await readable(parts, task, level, one) : "too_many";
        if (typeof read === "string") leftOut.push({ path: path.slice(0, 200), reason: read });
        else {
          found.push({ ...read, path });
          next.push({ repository: read.repository, commit: read.commit, below: `${path}/` });
        }
      }
    }
    levels = next;
  }
  if (leftOut.length > 0)
    parts.ports.log.warn(
      { taskId: task.id, leftOut: leftOut.slice(0, MAX_LOGGED) },
      "submodules of a task stay empty",
    );
  return found;
}

async function readable(
  { ports, hosts }: SubmoduleParts,
  task: Task,
  level: Level,
  { path, address, commit }: FoundSubmodule,
): Promise<Omit<HostedSubmodule, "path"> | LeftOut> {
  const { owner } = workPlaceOf(task);
  if (!isSubmodulePath(`${level.below}${path}`)) return "path";
  if (commit === null || !isCommitId(commit)) return "no_commit";
  const named = submoduleRepository(address, hosts.web, { owner, repository: level.repository });
  if (named === null) return "address";
  const read = await ports.github.submoduleToken(task, named);
  if (read.type !== "readable") return read.type;
  const { repository, repositoryId, token } = read;
  return { owner, repository, repositoryId, commit, token };
}
