import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Part } from "../core/workspace/examination.ts";
import { branchOfTask, isCommitId } from "../core/workspace/names.ts";
import type { PushOutcome, Workspace, WorkspaceRequest } from "../ports/workspaces.ts";
import { examineText } from "./examine.ts";
import { mustGit, runGit } from "./git.ts";
import type { ScriptSandbox } from "./isolated.ts";
import { changedFilesStop } from "./changed-files.ts";
import { removeTree } from "./remove-tree.ts";
import type { TakenOut } from "./take-out.ts";
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
    await removeTree(join(ofTask, name));
  const directory = await mkdtemp(join(ofTask, OWN));
  try {
    const taken = await takeOut(sandbox, { workspace, start, ofTask, directory });
    if (taken.type === "stopped") return taken;
    const { commit } = taken.examination;
    const before = { commit: start, objects: workspace.objects };
    const reason = (await changedFilesStop(taken.files, before)) ?? (await examineText(taken.text));
    if (reason !== null) return { type: "stopped", reason };
    const repository = join(directory, "commits.git");
    await makeRepository(repository, taken, workspace);
    const outcome = await pushFrom({ repository, commit }, request);
    if (outcome.type === "pushed") await writeFile(join(ofTask, PUSHED), outcome.commit);
    return outcome;
  } finally {
    await removeTree(directory);
  }
}

/**
 * Makes a repository of what was examined, and of what it builds on. Git reads no more of it than what pushing takes: a
 * pack and an index that Git itself has written.
 */
async function makeRepository(
  repository: string,
  { file, examination }: Extract<TakenOut, { type: "taken" }>,
  { objects }: Workspace,
): Promise<void> {
  await mkdir(repository);
  await mustGit(repository, ["init", "--quiet", "--bare", "--template="]);
  await writeFile(join(repository, "objects", "info", "alternates"), `${objects}\n`);
  const save = async ({ start, size }: Part, name: string) =>
    pipeline(
      createReadStream(file, { start, end: start + size - 1 }),
      createWriteStream(join(repository, "objects", "pack", name)),
    );
  await save(examination.pack, `pack-${examination.commit}.pack`);
  await save(examination.index, `pack-${examination.commit}.idx`);
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
  const pushed = await runGit(
    repository,
    // Nothing is compared again: it's sent as it was packed.
    ["-c", "pack.window=0", "push", ...options, access.url, `${commit}:${target}`],
    { access, isBounded: true },
  );
  if (pushed.status === 0) return { type: "pushed", commit };
  const found = await there();
  if (found === commit) return { type: "pushed", commit };
  if (isCommitId(found) && pushed.errors.includes("[rejected]"))
    return { type: "stopped", reason: "foreign_commits" };
  throw new Error(`git push failed: ${pushed.errors.trim().slice(0, 500)}`);
}
