import type { Task } from "../../core/task/task.ts";
import { workPlaceOf } from "../../core/task/thread-place.ts";
import type { HostedSubmodule } from "../../ports/session-host.ts";
import type { LeftOutSubmodule, SubmoduleParts } from "./submodule-search.ts";
import { SubmoduleSearch } from "./submodule-search.ts";

const MAX_LOGGED = 30;

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
  const { repository } = workPlaceOf(task);
  const search = new SubmoduleSearch(parts, task);
  const { found, leftOut } = await search.from(repository, task.decision.commit ?? "");
  if (leftOut.length > 0) logLeftOut(parts, task, leftOut);
  return found;
}

function logLeftOut(
  { ports }: SubmoduleParts,
  { id: taskId }: Task,
  leftOut: readonly LeftOutSubmodule[],
): void {
  const logged = leftOut.slice(0, MAX_LOGGED);
  const more = leftOut.length - logged.length;
  const fields = { taskId, leftOut: logged, ...(more > 0 && { more }) };
  ports.log.warn(fields, "submodules of a task stay empty");
}
