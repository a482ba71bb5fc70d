import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { branchOfTask, isCommitId } from "../core/workspace/names.ts";
import type { PushOutcome, Workspace, WorkspaceRequest } from "../ports/workspaces.ts";
import { examineCommits } from "./examine.ts";
import { mustGit, runGit } from "./git.ts";
import type { ScriptSandbox } from "./isolated.ts";
import { takeOut } from "./take-out.ts";

interface PushRequest extends WorkspaceRequest {
  readonly workspace: Workspace;
  /** The task's directory, which the sandbox doesn't see. */
  readonly directory: string;
}

/** How the directories in a task's directory begin that one push has for itself. */
const OWN = "push-";
/** In a task's directory: the commit that was pushed last. */
const PUSHED = "pushed";

/**
 * Takes commits out of a workspace, examines them, and pushes them: see `Workspaces.push`. For each task, one at a time.
 */
export async function collectAndPush(
  sandbox: ScriptSandbox,
  request: PushRequest,
): Promise<PushOutcome> {
  const { directory: ofTask, workspace, commit: start } = request;
  // What's left of one that was killed.
  for (const name of (await readdir(ofTask)).filter((one) => one.startsWith(OWN)))
    await rm(join(ofTask, name), { recursive: true, force: true });
  const directory = await mkdtemp(join(ofTask, OWN));
  try {
    const taken = await takeOut(sandbox, { workspace, start, directory });
    if (taken.type === "stopped") return taken;
    const reason = await examineCommits(taken);
    if (reason !== null) return { type: "stopped", reason };
    const outcome = await pushFrom(taken, request);
    if (outcome.type === "pushed") await writeFile(join(ofTask, PUSHED), outcome.commit);
    return outcome;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Pushes the commit that was examined. What's there is replaced only if it's what was pushed last. */
async function pushFrom(
  { repository, commit }: { readonly repository: string; readonly commit: string },
  { access, branch, directory }: PushRequest,
): Promise<PushOutcome> {
  const target = `refs/heads/${branchOfTask(branch)}`;
  const there = async () => {
    const refs = await mustGit(repository, ["ls-remote", "--end-of-options", access.url, target], {
      access,
    });
    return refs.split("\t")[0] ?? "";
  };
  const before = await there();
  if (before === commit) return { type: "pushed", commit };
  const last = await readFile(join(directory, PUSHED), "utf8").catch(() => "");
  const isOwn = isCommitId(last) && before === last;
  const options = [
    "--quiet",
    "--no-verify",
    ...(isOwn ? [`--force-with-lease=${target}:${last}`] : []),
    "--end-of-options",
  ];
  const pushed = await runGit(repository, ["push", ...options, access.url, `${commit}:${target}`], {
    access,
    isBounded: true,
  });
  if (pushed.status === 0) return { type: "pushed", commit };
  const found = await there();
  if (found === commit) return { type: "pushed", commit };
  if (isCommitId(found) && pushed.errors.includes("[rejected]"))
    return { type: "stopped", reason: "foreign_commits" };
  throw new Error(`git push failed: ${pushed.errors.trim().slice(0, 500)}`);
}
