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
    ["filter.lfs.objects", directory],
    ["filter.lfs.smudge", SMUDGE],
    ["filter.lfs.clean", CLEAN],
    // Without it, a file whose pointer can't be made would be committed itself.
    ["filter.lfs.required", "true"],
  ];
}

/** Has the beginning of the input in a file. A pointer is shorter. */
const BEGIN = `
first=$(mktemp) && last=$(mktemp) || exit 1
trap 'rm -f "$first" "$last"' EXIT
head -c 1024 >"$first" || exit 1
is_pointer() { [ "$(wc -c <"$1")" -lt 1024 ] && head -n 1 "$1" | grep -qxF '${LFS_VERSION}'; }
`;

const SMUDGE = `${BEGIN}
object=$(git config filter.lfs.objects)/$(sed -n 's/^oid sha256:\\([0-9a-f]\\{64\\}\\)$/\\1/p' "$first")
if is_pointer "$first" && [ -f "$object" ]; then cat "$object"; else cat "$first" -; fi
`;

// What was committed without LFS stays so, whatever the repository's attributes say of it: it isn't changed by Git itself.
// The input is read once: for its digest and for its length. The lines of a pointer are in the order of the alphabet.
const CLEAN = `${BEGIN}
if [ ! -s "$first" ] || is_pointer "$first"; then cat "$first"; exit; fi
git cat-file blob HEAD:%f 2>/dev/null | head -c 1024 >"$last"
if [ -s "$last" ] && ! is_pointer "$last"; then cat "$first" -; exit; fi
echo '${LFS_VERSION}'
{ { cat "$first" - | tee /dev/fd/3 | sha256sum | sed 's/ .*//; s/^/oid sha256:/' >&4; } 3>&1 | wc -c | sed 's/^ */size /'; } 4>&1 | sort
`;
