/** Why nothing can be isolated on this machine, and what an administrator does about it. */
export interface IsolationTrouble {
  readonly found: string;
  readonly cure: string;
}

const ALLOW_NAMESPACES =
  "Allow user namespaces: on Ubuntu, install an AppArmor profile for bwrap (package `apparmor-profiles`) or set `sysctl kernel.apparmor_restrict_unprivileged_userns=0`; elsewhere, check `sysctl user.max_user_namespaces` and `kernel.unprivileged_userns_clone`. A container needs `--security-opt seccomp=unconfined --security-opt apparmor=unconfined`.";

const ALLOW_PROC =
  "A container needs `--security-opt systempaths=unconfined`, so that a sandbox can have a `/proc` of its own.";

const KNOWN: readonly (readonly [RegExp, IsolationTrouble])[] = [
  [/mount proc/u, { found: "A sandbox can't have a `/proc` of its own here.", cure: ALLOW_PROC }],
  [
    /namespace|uid map|RTM_NEWADDR|user\.max_user_namespaces|max_user_namespaces/u,
    { found: "This user can't create user namespaces here.", cure: ALLOW_NAMESPACES },
  ],
  [
    /Unknown option/u,
    {
      found: "bubblewrap is too old.",
      cure: "Install bubblewrap 0.8.0 or newer (Debian 12 or newer).",
    },
  ],
  [
    /['‘](?:bwrap|setpriv)['’]: No such file|failed to execute bwrap|socat doesn't listen/u,
    {
      found: "A program is missing that isolation needs.",
      cure: "Install bubblewrap, socat, and util-linux (Debian: `apt-get install bubblewrap socat util-linux`).",
    },
  ],
];

/** What a trial start's error output means. */
export function explainIsolation(errorOutput: string): IsolationTrouble {
  const [, known] = KNOWN.find(([sign]) => sign.test(errorOutput)) ?? [];
  if (known !== undefined) return known;
  return {
    found: "A sandbox doesn't start here.",
    cure: "Run `bwrap --unshare-all --ro-bind / / true` as the bot's user, and fix what it reports.",
  };
}
