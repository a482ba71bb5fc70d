import { dirname } from "node:path";
import { readPointers } from "../core/workspace/lfs.ts";
import { pointersAt } from "./lfs-pointers.ts";

/** What Git has reported about the files that commits change. */
export interface ChangedFiles {
  /** With `--raw`: the ids before and after each change. */
  readonly changes: string;
  /** The contents of those that may be pointers. */
  readonly contents: string;
}

const NONE = /^0+$/u;
const CHANGE =
  /:\d{6} \d{6} (?<before>[0-9a-f]{40,64}) (?<after>[0-9a-f]{40,64}) [A-Z]\d*\0[^\0]*\0/gu;

/**
 * Whether commits change a file that is in Git LFS, or add one: its content would be nowhere, or in Git itself. Removing or
 * moving one changes nothing in LFS.
 *
 * @param start the commit that they build on, and the objects that it's in
 * @returns null when looking takes too much
 */
export async function changesLfs(
  files: ChangedFiles,
  start: { readonly commit: string; readonly objects: string },
): Promise<boolean | null> {
  const pointers = readPointers(files.contents);
  const changes = [...files.changes.matchAll(CHANGE)].map(({ groups = {} }) => groups);
  const changed = changes.filter(({ before = "", after = "" }) => {
    return pointers.has(after) || (pointers.has(before) && !NONE.test(after));
  });
  if (changed.length === 0) return false;
  const known = await pointersAt(dirname(start.objects), start.commit);
  return known === null ? null : changed.some(({ after = "" }) => !known.has(after));
}
