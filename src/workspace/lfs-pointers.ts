import type { Pointers } from "../core/workspace/lfs.ts";
import { POINTER_BYTES, readPointers } from "../core/workspace/lfs.ts";
import { runGit } from "./git.ts";

/** Bytes of what Git reports about objects: a few hundred thousand of them. */
const MAX_REPORT = 2 ** 25;

/**
 * The pointers that a commit has; null when looking for them takes too much. They're found by their content: which files
 * Git would take for one is the repository's own setting.
 */
export async function pointersAt(repository: string, commit: string): Promise<Pointers | null> {
  const small = `--filter=blob:limit=${POINTER_BYTES.most + 1}`;
  const objects = ["--objects", "--no-object-names", small, "--end-of-options"];
  const ids = await report(repository, ["rev-list", ...objects, `${commit}^{tree}`]);
  return ids === null ? null : pointersOf(repository, ids.split("\n").filter(Boolean));
}

/** Those of some objects that are pointers; null when looking at them takes too much. */
async function pointersOf(repository: string, ids: readonly string[]): Promise<Pointers | null> {
  const format = "--batch-check=%(objectname) %(objecttype) %(objectsize)";
  const sizes = await report(repository, ["cat-file", format], ids.join("\n"));
  if (sizes === null) return null;
  const likely = sizes.split("\n").flatMap((line) => {
    const [id = "", type, size] = line.split(" ");
    const { least, most } = POINTER_BYTES;
    return type === "blob" && Number(size) >= least && Number(size) <= most ? [id] : [];
  });
  const contents = await report(repository, ["cat-file", "--batch"], likely.join("\n"));
  return contents === null ? null : readPointers(contents);
}

/** What Git reports; null when that's too much, or takes too much. */
async function report(
  repository: string,
  args: readonly string[],
  input = "",
): Promise<string | null> {
  const options = { maxOutput: MAX_REPORT, isBounded: true, input };
  const { status, output } = await runGit(repository, args, options);
  return status === 0 ? output : null;
}
