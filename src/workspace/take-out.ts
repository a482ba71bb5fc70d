import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BUNDLE, NOTHING_NEW } from "../core/workspace/git.ts";
import { isCommitId } from "../core/workspace/names.ts";
import type { PushStop } from "../core/workspace/push-check.ts";
import type { Workspace } from "../ports/workspaces.ts";
import { isOverLimit, mustGit, runGit } from "./git.ts";
import type { ScriptSandbox } from "./isolated.ts";
import { runIsolated } from "./isolated.ts";

/** Bytes of commits, packed. */
const MAX_BUNDLE = 100 * 2 ** 20;

/** Where commits are taken out. */
interface Place {
  readonly workspace: Workspace;
  /** The commit that the task began with. */
  readonly start: string;
  /** An empty directory that nothing else uses. */
  readonly directory: string;
}

/** Commits in a clean repository, or why they can't be there. */
export type TakenOut =
  | {
      readonly type: "taken";
      /** Has nothing of the agent's but the commits. */
      readonly repository: string;
      readonly start: string;
      /** The newest one. */
      readonly commit: string;
    }
  | { readonly type: "stopped"; readonly reason: PushStop };

/** Takes commits out of a workspace: what's in the repository then doesn't change any more, whatever the agent does. */
export async function takeOut(sandbox: ScriptSandbox, place: Place): Promise<TakenOut> {
  const bundle = join(place.directory, "commits.bundle");
  const reason = await bundleCommits(sandbox, place, bundle);
  return reason === null ? unbundle(place, bundle) : { type: "stopped", reason };
}

/**
 * Has Git bundle the commits where the agent was, in a sandbox: what Git is made to run there stays there. Whatever the
 * agent does meanwhile, what's examined and pushed is what has come out.
 */
async function bundleCommits(
  sandbox: ScriptSandbox,
  { workspace, start }: Place,
  bundle: string,
): Promise<PushStop | null> {
  const run = async () =>
    runIsolated(sandbox, {
      workspace,
      script: BUNDLE,
      args: [start],
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

async function unbundle({ workspace, start, directory }: Place, bundle: string): Promise<TakenOut> {
  const repository = join(directory, "commits.git");
  await mkdir(join(repository, "objects", "info"), { recursive: true });
  await mustGit(repository, ["init", "--quiet", "--bare", "--template="]);
  await writeFile(join(repository, "objects", "info", "alternates"), `${workspace.objects}\n`);
  await mustGit(repository, ["update-ref", "refs/heads/start", start]);
  const options = ["--quiet", "--no-tags", "--no-write-fetch-head", "--end-of-options"];
  const fetched = await runGit(
    repository,
    ["fetch", ...options, bundle, "+HEAD:refs/heads/result"],
    { access: { protocol: "file", url: bundle, token: null }, isBounded: true },
  );
  if (isOverLimit(fetched)) return { type: "stopped", reason: "too_large" };
  if (fetched.status !== 0) return { type: "stopped", reason: "unreadable" };
  const unsound = await checkObjects(repository);
  if (unsound !== null) return { type: "stopped", reason: unsound };
  const commit = (await mustGit(repository, ["rev-parse", "refs/heads/result"])).trim();
  if (!isCommitId(commit)) return { type: "stopped", reason: "unreadable" };
  const based = await runGit(repository, ["merge-base", "--is-ancestor", start, commit], {
    isBounded: true,
  });
  if (isOverLimit(based)) return { type: "stopped", reason: "too_large" };
  if (based.status !== 0) return { type: "stopped", reason: "not_based_on_start" };
  return { type: "taken", repository, start, commit };
}

/** Checks all objects. Git doesn't while it fetches from a bundle, whatever `fetch.fsckObjects` says (2.39). */
async function checkObjects(repository: string): Promise<PushStop | null> {
  const packs = join(repository, "objects", "pack");
  for (const pack of (await readdir(packs)).filter((name) => name.endsWith(".pack"))) {
    const index = join(repository, "checked.idx");
    const strict = ["index-pack", "--threads=1", "--strict", "-o", index, join(packs, pack)];
    const checked = await runGit(repository, strict, { isBounded: true });
    if (isOverLimit(checked)) return "too_large";
    if (checked.status !== 0) return "unreadable";
  }
  return null;
}
