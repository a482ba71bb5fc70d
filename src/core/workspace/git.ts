/** How the bot runs Git outside sandboxes. */
export interface GitAccess {
  /** The one protocol that is used: `http` only where GitHub is reached by it, `file` for a repository on this machine. */
  readonly protocol: "https" | "http" | "file";
  /** The repository's address, and a token for it; null when none is needed. */
  readonly url: string;
  readonly token: string | null;
}

/**
 * Settings that win over those of a repository. Nothing is started beside Git itself: no hook, no monitor, no
 * maintenance. A redirect would take the token to another place.
 */
const SETTINGS: readonly (readonly [string, string])[] = [
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["core.attributesFile", "/dev/null"],
  ["core.askPass", "/bin/false"],
  ["credential.helper", ""],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["submodule.recurse", "false"],
  ["push.recurseSubmodules", "no"],
  ["fetch.recurseSubmodules", "no"],
  ["http.followRedirects", "false"],
  ["protocol.allow", "never"],
];

/**
 * The whole environment of a Git process outside. The token is in it and not on the command line, which everybody on the
 * machine can read, nor in a file.
 *
 * @param path where programs are looked for
 */
export function gitEnvironment(path: string, access: GitAccess | null): Record<string, string> {
  const settings = [...SETTINGS, ...(access === null ? [] : accessSettings(access))];
  return {
    PATH: path,
    HOME: "/nonexistent",
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "/bin/false",
    GIT_SSH_COMMAND: "/bin/false",
    GIT_NO_LAZY_FETCH: "1",
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

function accessSettings({
  protocol,
  url,
  token,
}: GitAccess): readonly (readonly [string, string])[] {
  const allow = [`protocol.${protocol}.allow`, "always"] as const;
  if (token === null) return [allow];
  return [allow, [`http.${url}.extraHeader`, `Authorization: ${authorizationOf(token)}`]];
}

/** How a token is sent, in the header `Authorization`. */
export function authorizationOf(token: string): string {
  return `Basic ${btoa(`x-access-token:${token}`)}`;
}

/**
 * Has a repository in the current directory that borrows objects: `$1` is a commit, `$2` has the objects, `$3` is the
 * remote's URL. Behind `$4` are more settings of Git, each a key and a value.
 */
const MAKE_REPOSITORY = `
git init --quiet --template= .
echo "$2" >.git/objects/info/alternates
git config remote.origin.url "$3"
git config remote.origin.fetch "+refs/heads/*:refs/remotes/origin/*"
git config user.name Copilot
git config user.email 198982749+Copilot@users.noreply.github.com
commit=$1 target=$4
shift 4
while [ $# -gt 0 ]; do git config "$1" "$2"; shift 2; done
`;

/**
 * Runs in a sandbox, in an empty workspace, with the commit, the objects that it is in, the remote's URL, the branch, and
 * more settings. Only there Git writes a stranger's files. The mirror's objects are borrowed and can't be changed from
 * there.
 */
export const CHECK_OUT = `
set -eu
${MAKE_REPOSITORY}
git symbolic-ref HEAD "refs/heads/$target"
git update-ref "refs/heads/$target" "$commit"
git reset --quiet --hard
`;

/**
 * Runs in the sandbox after that, with a submodule's commit, objects, and URL, its path, and more settings. Its directory
 * is there, empty, and no link leads to it.
 */
export const CHECK_OUT_SUBMODULE = `
set -eu
top=$(pwd -P)
cd "./$4"
[ "$(pwd -P)" = "$top/$4" ]
[ -z "$(ls -A)" ]
${MAKE_REPOSITORY}
git update-ref --no-deref HEAD "$commit"
git reset --quiet --hard
`;

/** Runs in a sandbox where an agent has been, with the commit that it began with: prints a bundle of what's new. */
export const BUNDLE = `
set -eu
if [ "$(git rev-parse --verify --end-of-options HEAD)" = "$1" ]; then exit 3; fi
exec git bundle create --quiet - HEAD "^$1"
`;

/** The status with which BUNDLE says that there's no new commit. */
export const NOTHING_NEW = 3;
