import { messageOf } from "../core/error/thrown.ts";
import { LimitExceeded } from "../core/isolation/limits.ts";
import { IsolationUnavailable } from "../core/isolation/unavailable.ts";
import { safeLine } from "../core/task/failed-outcome.ts";
import type { Log } from "../ports/log.ts";
import type { WorkspaceRequest, WorkspaceSubmodule } from "../ports/workspaces.ts";

/** Of paths, and of what Git says. */
const MAX_CHARACTERS = 200;

/**
 * Fetches the submodules of a workspace. One that can't be fetched, for example because its commit is gone, is left out with
 * those in it, and the log says so: somebody else's repository is no reason for a task not to begin.
 *
 * @returns those that are there
 * @throws LimitExceeded
 */
export async function fetchSubmodules(
  { id: taskId, submodules = [] }: Pick<WorkspaceRequest, "id" | "submodules">,
  fetch: (one: WorkspaceSubmodule) => Promise<void>,
  log: Pick<Log, "warn"> | undefined,
): Promise<readonly WorkspaceSubmodule[]> {
  const fetched: WorkspaceSubmodule[] = [];
  const missing: string[] = [];
  const leftOut: object[] = [];
  for (const one of submodules) {
    const isIn = missing.some((path) => one.path.startsWith(`${path}/`));
    const problem = isIn ? "What it's in wasn't fetched" : await problemOf(fetch, one);
    if (problem === null) fetched.push(one);
    else {
      missing.push(one.path);
      const path = one.path.slice(0, MAX_CHARACTERS);
      leftOut.push({ path, reason: "not_fetched", message: safeLine(problem, MAX_CHARACTERS) });
    }
  }
  if (leftOut.length > 0) log?.warn({ taskId, leftOut }, "submodules of a task stay empty");
  return fetched;
}

/** Why one can't be fetched; null when it's there. */
async function problemOf(
  fetch: (one: WorkspaceSubmodule) => Promise<void>,
  one: WorkspaceSubmodule,
): Promise<string | null> {
  try {
    await fetch(one);
    return null;
  } catch (error) {
    // These are about this machine: they'd come again, and whoever looks after it has to know.
    if (error instanceof LimitExceeded || error instanceof IsolationUnavailable) throw error;
    return messageOf(error);
  }
}
