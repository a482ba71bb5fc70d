/** How deep submodules are checked out that are in submodules. */
export const MAX_SUBMODULE_DEPTH = 3;
/** How many submodules are checked out for one task. */
export const MAX_SUBMODULES = 20;
/** How many repositories GitHub is asked about for one task: whoever writes `.gitmodules` decides which. */
export const MAX_SUBMODULE_REPOSITORIES = 40;

interface Repository {
  readonly owner: string;
  readonly repository: string;
}

/** Nothing that two programs could read in two ways: no backslash, no encoded characters, no user, no query. */
const ADDRESS = /^(?:\.{1,2}\/|https?:\/\/)[\w.~:/-]{1,500}$/u;
const PATH = /^\/(?<owner>[\w-]{1,100})\/(?<name>(?!\.{1,2}$)[\w.-]{1,100}?)(?:\.git)?\/?$/u;

/**
 * The repository that a submodule is in; null for one of another owner or another host, and for every address that isn't
 * one of the web, like `ssh://`, `file://`, and `ext::`, with which Git would run programs. What's fetched is made of the
 * names, and never is the address itself.
 *
 * @param address as `.gitmodules` has it; a relative one is below its parent's
 * @param web GitHub's own address
 * @param parent the repository that has the submodule
 */
export function submoduleRepository(
  address: string,
  web: string,
  parent: Repository,
): string | null {
  if (!ADDRESS.test(address)) return null;
  const url = URL.parse(address, `${web}/${parent.owner}/${parent.repository}/`);
  if (url === null || url.origin !== new URL(web).origin) return null;
  const { owner = "", name = "" } = PATH.exec(url.pathname)?.groups ?? {};
  return owner.toLowerCase() === parent.owner.toLowerCase() ? name : null;
}

/** Names that are `.git` on some file system: with its short name, with dots and spaces behind, or with a stream's name. */
const OF_GIT = /^(?:\.git|git~\d+)[ .]*(?::.*)?$/iu;

/** Whether a directory may get a submodule: it's in the workspace, and not in its repository. */
export function isSubmodulePath(path: string): boolean {
  if (path.length > 500 || !/^[^\\\p{C}]+$/u.test(path) || path.startsWith("-")) return false;
  return path
    .split("/")
    .every((name) => name !== "" && name !== "." && name !== ".." && !OF_GIT.test(name));
}
