import { LFS_VERSION } from "./lfs.ts";

/**
 * Settings of Git for the workspace of a task whose files in LFS are checked out, with values for a shell. They have Git
 * write the file where the repository has a pointer, and the pointer where an agent commits the file. They only run in
 * sandboxes, and need no `git-lfs` there.
 *
 * @param directory has the objects, each named by its id
 */
export function lfsSettings(directory: string): readonly (readonly [key: string, value: string])[] {
  return [
    ["filter.lfs.smudge", smudgeFrom(directory)],
    ["filter.lfs.clean", CLEAN],
    // Without it, a file whose pointer can't be made would be committed itself.
    ["filter.lfs.required", "true"],
  ];
}

/**
 * Has the beginning of the input in a file: a pointer is shorter, and has three lines. Each process that isn't started
 * here counts, in a repository with thousands of files in LFS.
 */
const BEGIN = `
first=$(mktemp) || exit 1
trap 'rm -f "$first"' EXIT
head -c 1024 >"$first" || exit 1
{ IFS= read -r version; IFS= read -r oid; IFS= read -r size; IFS= read -r more; } <"$first"
is_pointer() { [ "$version" = '${LFS_VERSION}' ] && [ -n "$size" ] && [ -z "$more" ]; }
`;

function smudgeFrom(directory: string): string {
  // Git replaces what's behind a percent sign.
  const quoted = `'${directory.replaceAll("'", "'\\''").replaceAll("%", "%%")}'`;
  return `${BEGIN}
object=${quoted}/\${oid#oid sha256:}
if is_pointer && [ -f "$object" ]; then cat "$object"; else cat "$first" -; fi
`;
}

// What was committed without LFS stays so, whatever the repository's attributes say of it: it isn't changed by Git itself.
// The input is read once: for its digest and for its length. The lines of a pointer are in the order of the alphabet.
const CLEAN = `${BEGIN}
if [ ! -s "$first" ] || is_pointer; then cat "$first" -; exit; fi
last=$(git cat-file blob HEAD:%f 2>/dev/null | head -c ${LFS_VERSION.length} | tr -d '\\0')
if [ -n "$last" ] && [ "$last" != '${LFS_VERSION}' ]; then cat "$first" -; exit; fi
echo '${LFS_VERSION}'
{ { cat "$first" - | tee /dev/fd/3 | sha256sum | sed 's/ .*//; s/^/oid sha256:/' >&4; } 3>&1 | wc -c | sed 's/^ */size /'; } 4>&1 | sort
`;
