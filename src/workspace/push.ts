import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BUNDLE, NOTHING_NEW } from "../core/workspace/git.ts";
import { branchOfTask, isCommitId } from "../core/workspace/names.ts";
import type { PushStop } from "../core/workspace/push-check.ts";
import { pushStop } from "../core/workspace/push-check.ts";
import type { PushOutcome, Workspace, WorkspaceRequest } from "../ports/workspaces.ts";
import { mustGit, runGit } from "./git.ts";
import type { ScriptSandbox } from "./isolated.ts";
import { runIsolated } from "./isolated.ts";

/** Bytes of commits, packed, and of their changes, as text. */
const MAX_BUNDLE = 100 * 2 ** 20;
const MAX_CHANGES = 50 * 2 ** 20;

/** The range of commits to push, in a repository of `takeOut`. */
const NEW = "refs/heads/start..refs/heads/result";

interface PushRequest extends WorkspaceRequest {
  readonly workspace: Workspace;
  /** The task's directory, which the sandbox doesn't see. */
  readonly directory: string;
}

/** Takes commits out of a workspace, examines them, and pushes them: see `Workspaces.push`. */
export async function collectAndPush(
  sandbox: ScriptSandbox,
  request: PushRequest,
): Promise<PushOutcome> {
  const bundle = join(request.directory, "commits.bundle");
  const repository = join(request.directory, "commits.git");
  try {
    const stop =
      (await bundleCommits(sandbox, request, bundle)) ??
      (await takeOut(request, bundle, repository)) ??
      (await examine(repository));
    return stop === null ? await pushFrom(repository, request) : { type: "stopped", reason: stop };
  } finally {
    await rm(bundle, { force: true });
    await rm(repository, { recursive: true, force: true });
  }
}

/**
 * Has Git bundle the commits where the agent was, in a sandbox: what Git is made to run there stays there. Whatever the
 * agent does meanwhile, what's examined and pushed is what has come out.
 */
async function bundleCommits(
  sandbox: ScriptSandbox,
  { workspace, commit }: PushRequest,
  bundle: string,
): Promise<PushStop | null> {
  const run = async () =>
    runIsolated(sandbox, {
      workspace,
      script: BUNDLE,
      args: [commit],
      output: { path: bundle, maxBytes: MAX_BUNDLE },
    });
  const first = await run();
  // Something that still runs may have changed the repository at that moment.
  const isOdd = first.status !== null && ![0, NOTHING_NEW].includes(first.status);
  const { status, isCut } = isOdd ? await run() : first;
  if (isCut) return "too_large";
  if (status === NOTHING_NEW) return "nothing_committed";
  return status === 0 ? null : "unreadable";
}

/** Takes the commits into a clean repository, which has nothing of the agent's but them. */
async function takeOut(
  { workspace, commit }: PushRequest,
  bundle: string,
  repository: string,
): Promise<PushStop | null> {
  await rm(repository, { recursive: true, force: true });
  await mkdir(join(repository, "objects", "info"), { recursive: true });
  await mustGit(repository, ["init", "--quiet", "--bare", "--template="]);
  await writeFile(join(repository, "objects", "info", "alternates"), `${workspace.objects}\n`);
  await mustGit(repository, ["update-ref", "refs/heads/start", commit]);
  const fetched = await runGit(
    repository,
    [
      "fetch",
      "--quiet",
      "--no-tags",
      "--no-write-fetch-head",
      "--end-of-options",
      bundle,
      "+HEAD:refs/heads/result",
    ],
    { access: { protocol: "file", url: bundle, token: null } },
  );
  if (fetched.status !== 0 || !(await isSound(repository))) return "unreadable";
  const based = ["merge-base", "--is-ancestor", "refs/heads/start", "refs/heads/result"];
  return (await runGit(repository, based)).status === 0 ? null : "not_based_on_start";
}

/** Checks all objects. Git doesn't while it fetches from a bundle, whatever `fetch.fsckObjects` says (2.39). */
async function isSound(repository: string): Promise<boolean> {
  const packs = join(repository, "objects", "pack");
  for (const pack of (await readdir(packs)).filter((name) => name.endsWith(".pack"))) {
    const index = join(repository, "checked.idx");
    const strict = ["index-pack", "--strict", "-o", index, join(packs, pack)];
    if ((await runGit(repository, strict)).status !== 0) return false;
  }
  return true;
}

/** Looks through each commit, and not only at what comes of them. */
async function examine(repository: string): Promise<PushStop | null> {
  const each = ["-m", "--no-renames", "--no-textconv", "--no-ext-diff", "--no-color", NEW];
  const log = async (...options: string[]) =>
    runGit(repository, ["log", ...options, ...each], { maxOutput: MAX_CHANGES });
  const messages = await log("--format=%an%n%ae%n%cn%n%ce%n%B", "--no-patch");
  const changes = await log("--format=", "--patch", "--text", "--unified=0");
  const paths = await log("--format=", "--name-only", "-z");
  if ([messages, changes, paths].some(({ status }) => status !== 0)) return "too_large";
  return pushStop({
    paths: paths.output.split("\0"),
    messages: messages.output,
    changes: changes.output,
  });
}

/** Pushes, never over what somebody else has pushed. */
async function pushFrom(repository: string, { access, branch }: PushRequest): Promise<PushOutcome> {
  const commit = (await mustGit(repository, ["rev-parse", "refs/heads/result"])).trim();
  const target = `refs/heads/${branchOfTask(branch)}`;
  const there = async () => {
    const refs = await mustGit(repository, ["ls-remote", "--end-of-options", access.url, target], {
      access,
    });
    return refs.split("\t")[0] ?? "";
  };
  if ((await there()) === commit) return { type: "pushed", commit };
  const pushed = await runGit(
    repository,
    [
      "push",
      "--quiet",
      "--no-verify",
      "--end-of-options",
      access.url,
      `refs/heads/result:${target}`,
    ],
    { access },
  );
  if (pushed.status === 0) return { type: "pushed", commit };
  const found = await there();
  if (found === commit) return { type: "pushed", commit };
  if (isCommitId(found) && pushed.errors.includes("[rejected]"))
    return { type: "stopped", reason: "foreign_commits" };
  throw new Error(`git push failed: ${pushed.errors.trim().slice(0, 500)}`);
}
