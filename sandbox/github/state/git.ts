import { createHash } from "node:crypto";
import { commitObject, rootTree } from "./objects.ts";
import type { Blob, Commit, Files } from "./records.ts";

/** How a file differs between two commits. */
export interface FileChange {
  readonly path: string;
  readonly status: "added" | "removed" | "modified";
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
}

export function blobOf(bytes: Buffer): Blob {
  const sha = createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
  return { sha, bytes };
}

/** A commit with the id that Git gives it. */
export function commitOf(made: Omit<Commit, "sha" | "object">): Commit {
  return { ...made, ...commitObject(made) };
}

/** The SHA of a directory; undefined when there is none. */
export function directorySha(files: Files, path: string): string | undefined {
  if (path === "") return treeSha(files);
  const below = [...files].flatMap(([name, blob]): [string, Blob][] =>
    name.startsWith(`${path}/`) ? [[name.slice(path.length + 1), blob]] : [],
  );
  return below.length === 0 ? undefined : treeSha(new Map(below));
}

export function treeSha(files: Files): string {
  return rootTree(files).sha;
}

/** What `head` changed since it left `base`, in the order of the paths. */
export function changesSince(base: Commit, head: Commit): readonly FileChange[] {
  const before = mergeBase(base, head)?.files ?? new Map<string, Blob>();
  const paths = [...new Set([...before.keys(), ...head.files.keys()])].toSorted();
  return paths.flatMap((path) => changeOf(path, before.get(path), head.files.get(path)) ?? []);
}

/** The commits of `head` that `base` doesn't have. */
export function commitsSince(base: Commit, head: Commit): number {
  const known = ancestors(base);
  return [...ancestors(head)].filter((commit) => !known.has(commit)).length;
}

/** The files of `base` with what `head` changed. */
export function mergedFiles(base: Commit, head: Commit): Files {
  const files = new Map(base.files);
  for (const { path } of changesSince(base, head)) {
    const blob = head.files.get(path);
    if (blob === undefined) files.delete(path);
    else files.set(path, blob);
  }
  return files;
}

/** The commit that both go back to. */
export function mergeBase(base: Commit, head: Commit): Commit | undefined {
  const known = ancestors(base);
  return [...ancestors(head)].find((commit) => known.has(commit));
}

/** The commit and all before it, the nearest first. */
export function ancestors(commit: Commit): ReadonlySet<Commit> {
  const found = new Set([commit]);
  for (const next of found) for (const parent of next.parents) found.add(parent);
  return found;
}

function changeOf(path: string, before?: Blob, after?: Blob): FileChange | undefined {
  if (before?.sha === after?.sha && before?.mode === after?.mode) return undefined;
  const status = before === undefined ? "added" : after === undefined ? "removed" : "modified";
  const counts = countLines(linesOf(before), linesOf(after));
  return { path, status, sha: (after ?? before)?.sha ?? "", ...counts };
}

function linesOf(blob?: Blob): readonly string[] {
  const lines = blob?.bytes.toString().split("\n") ?? [];
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** What lies between the first and the last difference counts as replaced. */
function countLines(before: readonly string[], after: readonly string[]) {
  const shorter = Math.min(before.length, after.length);
  let first = 0;
  while (first < shorter && before[first] === after[first]) first += 1;
  let last = 0;
  while (last < shorter - first && before.at(-1 - last) === after.at(-1 - last)) last += 1;
  return { additions: after.length - first - last, deletions: before.length - first - last };
}
