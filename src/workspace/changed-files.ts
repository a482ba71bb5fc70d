import { dirname } from "node:path";
import { readPointers } from "../core/workspace/lfs.ts";
import type { PushStop } from "../core/workspace/push-check.ts";
import { pointersAt } from "./lfs-pointers.ts";

/** What Git has reported about the files that commits change. */
export interface ChangedFiles {
  /** With `--raw`: the modes and the ids before and after each change. */
  readonly changes: string;
  /** The contents of those that may be pointers. */
  readonly contents: string;
}

const NONE = /^0+$/u;
/** The mode of a submodule. */
const SUBMODULE = "160000";
const CHANGE =
  /:\d{6} (?<mode>\d{6}) (?<before>[0-9a-f]{40,64}) (?<after>[0-9a-f]{40,64}) [A-Z]\d*\0[^\0]*\0/gu;

/**
 * Whether commits change what isn't in the repository itself: a file that is in Git LFS, or what a submodule stands for.
 * Nobody uploads the file's content, or pushes the submodule's commit. Removing them changes nothing there, nor does moving
 * a file.
 *
 * @param start the commit that they build on, and the objects that it's in
 */
export async function changedFilesStop(
  files: ChangedFiles,
  start: { readonly commit: string; readonly objects: string },
): Promise<PushStop | null> {
  const pointers = readPointers(files.contents);
  const changes = [...files.changes.matchAll(CHANGE)].map(({ groups = {} }) => groups);
  if (changes.some(({ mode }) => mode === SUBMODULE)) return "submodule_changes";
  const changed = changes.filter(({ before = "", after = "" }) => {
    return pointers.has(after) || (pointers.has(before) && !NONE.test(after));
  });
  if (changed.length === 0) return null;
  const known = await pointersAt(dirname(start.objects), start.commit);
  if (known === null) return "too_large";
  return changed.some(({ after = "" }) => !known.has(after)) ? "lfs_changes" : null;
}
