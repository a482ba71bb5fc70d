import { runGit } from "./git.ts";
import { pointersAt, pointersOf } from "./lfs-pointers.ts";
import type { TakenOut } from "./take-out.ts";

type Commits = Extract<TakenOut, { type: "taken" }>;

/** Bytes of what Git reports about changed files. */
const MAX_REPORT = 2 ** 24;
const NONE = /^0+$/u;

/**
 * Whether commits change a file that is in Git LFS, or add one: its content would be nowhere, or in Git itself. Removing or
 * moving one changes nothing in LFS.
 *
 * @returns null when looking takes too much
 */
export async function changesLfs({ repository, start, commit }: Commits): Promise<boolean | null> {
  const each = ["--format=", "--raw", "-z", "-m", "--no-abbrev", "--no-renames", "--no-textconv"];
  const report = { maxOutput: MAX_REPORT, isBounded: true };
  const log = await runGit(repository, ["log", ...each, `${start}..${commit}`], report);
  if (log.status !== 0) return null;
  const changes = [...log.output.matchAll(CHANGE)].map(({ groups = {} }) => groups);
  const files = changes.flatMap(({ before = "", after = "" }) => [before, after]);
  const pointers = await pointersOf(
    repository,
    [...new Set(files)].filter((id) => !NONE.test(id)),
  );
  if (pointers === null) return null;
  const changed = changes.filter(({ before = "", after = "" }) => {
    return pointers.has(after) || (pointers.has(before) && !NONE.test(after));
  });
  if (changed.length === 0) return false;
  const known = await pointersAt(repository, start);
  return known === null ? null : changed.some(({ after = "" }) => !known.has(after));
}

const CHANGE =
  /:\d{6} \d{6} (?<before>[0-9a-f]{40,64}) (?<after>[0-9a-f]{40,64}) [A-Z]\d*\0[^\0]*\0/gu;
