import { FRUGAL_SETTINGS, LIMIT_PROCESSES } from "./bounds.ts";
import { POINTER_BYTES } from "./lfs.ts";
import { isCommitId } from "./names.ts";
import type { PushStop } from "./push-check.ts";

/** Bytes of changes as text, and of each other thing that Git reports about commits. */
const MAX_TEXT = 5 * 2 ** 20;
/** Bytes of one file. Git's memory for comparing two is many times that. */
const MAX_FILE = 5 * 2 ** 20;

const TOO_LARGE = 10;
const UNREADABLE = 11;
const NOT_BASED_ON_START = 12;

/** What the statuses of EXAMINE mean. With others, it has failed. */
export const EXAMINE_STOPS: ReadonlyMap<number, PushStop> = new Map([
  [TOO_LARGE, "too_large"],
  [UNREADABLE, "unreadable"],
  [NOT_BASED_ON_START, "not_based_on_start"],
]);

/** What Git reports when it, or a program of its own that it started, has no more memory or time. */
const OVER_LIMIT = "out of memory|cannot allocate memory|mmap failed|died of signal";

const SETTINGS = [...FRUGAL_SETTINGS, ["gc", "auto", "0"], ["maintenance", "auto", "false"]]
  .map(([section, key, value]) => `[${section}]\n${key} = ${value}`)
  .join("\n");

/**
 * For Bash, in an empty directory that no agent has been in or can write to, with the commit that the task began with,
 * and the objects that it's in. Reads a bundle, looks through each of its commits, and not only at what comes of them, and
 * prints a line with the newest commit and sizes, and then as many bytes of each: the commits, paths, changes, ids of changed
 * files, those of them that may be pointers of Git LFS, a pack of what's new, and its index. Git has written the pack itself,
 * object by object.
 *
 * Git doesn't check the objects of a bundle while it fetches, whatever `fetch.fsckObjects` says (2.39). What a commit removes
 * isn't pushed by it, and may be large. Commits are printed as they are: what else Git shows of them ends at a zero, has
 * another encoding if they claim one, and leaves out lines that it doesn't know.
 */
export const EXAMINE = `
set -eu -o pipefail
${LIMIT_PROCESSES}
umask 077
exec 3>&1 >/dev/null
start=$1
export GIT_DIR=$PWD/commits.git

# What fails means the first argument, unless it was ended by a limit.
or() {
  local meaning=$1 status
  shift
  "$@" 2>errors && return
  status=$?
  if [ $status -gt 128 ] || grep -Eqi '${OVER_LIMIT}' errors; then exit ${TOO_LARGE}; fi
  exit "$meaning"
}
# The same, with little output, and whatever fails is too much.
report() (
  ulimit -f ${MAX_TEXT / 1024}
  or ${TOO_LARGE} git "$@"
)
log() { report log -m --no-renames --no-textconv --no-ext-diff --no-color "$@" "$start..$commit"; }
size() { stat --format=%s -- "$1"; }

cat >bundle
git init --quiet --bare --template= "$GIT_DIR"
cat >>"$GIT_DIR/config" <<'END'
${SETTINGS}
END
echo "$2" >"$GIT_DIR/objects/info/alternates"
git update-ref refs/heads/start "$start"
or ${UNREADABLE} git fetch --quiet --no-tags --no-write-fetch-head --end-of-options "$PWD/bundle" +HEAD:refs/heads/result
rm bundle
for pack in "$GIT_DIR"/objects/pack/*.pack; do
  or ${UNREADABLE} git index-pack --threads=1 --strict -o checked.idx "$pack"
done
commit=$(git rev-parse --verify refs/heads/result)
or ${NOT_BASED_ON_START} git merge-base --is-ancestor "$start" "$commit"

report rev-list --objects --no-object-names --filter=blob:limit=${MAX_FILE + 1} --filter-print-omitted "$start..$commit" >objects
if grep -q '^~' objects; then exit ${TOO_LARGE}; fi
report rev-list "$start..$commit" >range
report cat-file --batch <range >commits
log --format= --name-only -t -z >paths
log --format= --raw -z --no-abbrev >raw
tr '\\0' '\\n' <raw | sed -nE 's/^:[0-7]+ [0-7]+ ([0-9a-f]+) ([0-9a-f]+) [A-Z][0-9]*$/\\1\\n\\2/p' | sort -u >files
report cat-file --batch-check='%(objectname) %(objecttype) %(objectsize)' <files >sizes
while read -r id type size; do
  if [ "$type" = blob ] && [ "$size" -ge ${POINTER_BYTES.least} ] && [ "$size" -le ${POINTER_BYTES.most} ]; then echo "$id"; fi
done <sizes >small
report cat-file --batch <small >contents
log --format= --patch --text --unified=0 --irreversible-delete >changes
printf '%s\\n' "$commit" "^$start" >range
or ${TOO_LARGE} git pack-objects --quiet --revs --no-reuse-object --delta-base-offset new <range
mv new-*.pack pack
mv new-*.idx index

echo "$commit $(size commits) $(size paths) $(size changes) $(size raw) $(size contents) $(size pack) $(size index)" >&3
exec cat commits paths changes raw contents pack index >&3
`;

/** Where something is in what EXAMINE has printed, in bytes. */
export interface Part {
  readonly start: number;
  readonly size: number;
}

/** What EXAMINE has printed about the commits that would be pushed. */
export interface Examination {
  /** The newest one. */
  readonly commit: string;
  readonly commits: Part;
  readonly paths: Part;
  readonly changes: Part;
  /** The ids of the files that they change, before and after. */
  readonly raw: Part;
  /** What's in those of them that may be pointers of Git LFS. */
  readonly contents: Part;
  /** Has all that's new since the start. */
  readonly pack: Part;
  readonly index: Part;
}

/** The first line is at most this long, in bytes. */
export const MAX_FIRST_LINE = 256;

/**
 * Reads the first line of what EXAMINE has printed; null when it isn't one, or the rest isn't as it says.
 *
 * @param begin the first MAX_FIRST_LINE bytes or more
 * @param size bytes of it all
 */
export function readExamination(begin: string, size: number): Examination | null {
  const line = /^(?<commit>[0-9a-f]+)(?<sizes>(?: \d{1,10}){7})\n/u.exec(begin);
  const { commit = "", sizes = "" } = line?.groups ?? {};
  if (line === null || !isCommitId(commit)) return null;
  let end = line[0].length;
  const [commits, paths, changes, raw, contents, pack, index] = sizes
    .trim()
    .split(" ")
    .map((text): Part => {
      const part = { start: end, size: Number(text) };
      end += part.size;
      return part;
    });
  if (!commits || !paths || !changes || !raw || !contents || !pack || !index) return null;
  const texts = [commits, paths, changes, raw, contents];
  if (end !== size || texts.some((text) => text.size > MAX_TEXT)) return null;
  return { commit, commits, paths, changes, raw, contents, pack, index };
}
