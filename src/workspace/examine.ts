import { setImmediate } from "node:timers/promises";
import type { CommitsToPush, PushStop } from "../core/workspace/push-check.ts";
import { pathStop, pieceStop, piecesToExamine } from "../core/workspace/push-check.ts";
import { runGit } from "./git.ts";
import { changesLfs } from "./lfs-changes.ts";
import type { TakenOut } from "./take-out.ts";

/** Bytes of changes as text, and of what else Git reports about commits. */
const MAX_CHANGES = 5 * 2 ** 20;
/** Bytes of one file. Git's memory for comparing two is many times that. */
const MAX_FILE = 5 * 2 ** 20;

type Commits = Extract<TakenOut, { type: "taken" }>;

/** Looks through each commit, and not only at what comes of them. */
export async function examineCommits(commits: Commits): Promise<PushStop | null> {
  if (await hasLargeFile(commits)) return "too_large";
  const isInLfs = await changesLfs(commits);
  if (isInLfs !== false) return isInLfs === null ? "too_large" : "lfs_changes";
  const text = await textOf(commits);
  if (text === null) return "too_large";
  const stop = pathStop(text);
  if (stop !== null) return stop;
  for (const piece of piecesToExamine(text)) {
    const found = pieceStop(piece);
    if (found !== null) return found;
    await setImmediate();
  }
  return null;
}

/** Whether a file that the commits bring is too large, or there are too many of them. */
async function hasLargeFile({ repository, start, commit }: Commits): Promise<boolean> {
  const large = [`--filter=blob:limit=${MAX_FILE + 1}`, "--filter-print-omitted"];
  const listed = await reading(repository, [
    "rev-list",
    "--objects",
    "--no-object-names",
    ...large,
    `${start}..${commit}`,
  ]);
  return listed === null || listed.split("\n").some((line) => line.startsWith("~"));
}

/** Null when it's too much. */
async function textOf({ repository, start, commit }: Commits): Promise<CommitsToPush | null> {
  const each = ["-m", "--no-renames", "--no-textconv", "--no-ext-diff", "--no-color"];
  const log = async (...options: string[]) =>
    reading(repository, ["log", ...options, ...each, `${start}..${commit}`]);
  const messages = await log("--format=%an%n%ae%n%cn%n%ce%n%B", "--no-patch");
  const paths = messages === null ? null : await log("--format=", "--name-only", "-z");
  // What a commit removes isn't pushed by it. It may be large.
  const patch = ["--format=", "--patch", "--text", "--unified=0", "--irreversible-delete"];
  const changes = paths === null ? null : await log(...patch);
  if (messages === null || paths === null || changes === null) return null;
  return { paths: paths.split("\0"), messages, changes };
}

/** What Git reports; null when that's too much, or takes too much. It has many ways to fail without memory. */
async function reading(repository: string, args: readonly string[]): Promise<string | null> {
  const read = await runGit(repository, args, { maxOutput: MAX_CHANGES, isBounded: true });
  return read.status === 0 ? read.output : null;
}
