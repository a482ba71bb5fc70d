/** What keeps sessions from being isolated on a machine. */
export type IsolationTroubleName =
  | "isolation_namespaces"
  | "isolation_proc"
  | "isolation_unit"
  | "isolation_outdated"
  | "isolation_programs"
  | "isolation_processor"
  | "isolation_root"
  | "isolation_user"
  | "isolation_directory"
  /** Nothing that's known here. */
  | "isolation_unknown";

/** Why nothing can be isolated on this machine, and what an administrator does about it. */
export interface IsolationTrouble {
  readonly name: IsolationTroubleName;
  readonly found: string;
  readonly cure: string;
}

/** What's found on a machine of the administrator's, where the bot or a worker runs, and what they do. */
const TROUBLES: Readonly<Record<IsolationTroubleName, Omit<IsolationTrouble, "name">>> = {
  isolation_namespaces: {
    found: "The user of the bot or worker can't create user namespaces.",
    cure: "Allow user namespaces: on Ubuntu, install an AppArmor profile for bwrap (package `apparmor-profiles`) or set `sysctl kernel.apparmor_restrict_unprivileged_userns=0`; elsewhere, check `sysctl user.max_user_namespaces` and `kernel.unprivileged_userns_clone`. With systemd, the unit needs `RestrictNamespaces=no`. A container needs `--security-opt seccomp=unconfined --security-opt apparmor=unconfined`.",
  },
  isolation_proc: {
    found: "Sandboxes can't have their own `/proc`.",
    cure: "Start the container with `--security-opt systempaths=unconfined`.",
  },
  isolation_unit: {
    found: "The systemd unit doesn't allow sandboxes.",
    cure: "Add the lines to the unit that docs/self-hosted.md lists under “With systemd”.",
  },
  isolation_outdated: {
    found: "The installed bubblewrap is too old.",
    cure: "Install bubblewrap 0.8.0 or newer (Debian 12 or newer).",
  },
  isolation_programs: {
    found: "A program that isolation needs is missing.",
    cure: "Install bubblewrap, socat, and util-linux (Debian: `apt-get install bubblewrap socat util-linux`).",
  },
  isolation_processor: {
    found: "Isolation isn't available for this processor.",
    cure: "Run sessions on an x86-64 or arm64 machine.",
  },
  isolation_root: {
    found: "The bot or worker runs as root, and there's no other user for sandboxes.",
    cure: "Set `SANDBOX_USER`, or run the bot or worker as a user of its own.",
  },
  isolation_user: {
    found: "The user that `SANDBOX_USER` names can't be used.",
    cure: "Set `SANDBOX_USER` to an existing user other than root (Debian: `adduser --system --group copilot`), and run the bot or worker as root; or remove it.",
  },
  isolation_directory: {
    found: "The sandboxes' user can't enter the data directory.",
    cure: "Let everyone enter the directories above it (`chmod o+x`), or set `DATA_DIR` to another one.",
  },
  isolation_unknown: {
    found: "A sandbox doesn't start on the machine.",
    cure: "Run `bwrap --unshare-all --ro-bind / / true` as the user of the bot or worker, and fix what it reports.",
  },
};

/**
 * What a trouble means to an administrator.
 *
 * @param found says more than what's found usually
 */
export function isolationTrouble(
  name: IsolationTroubleName,
  found = TROUBLES[name].found,
): IsolationTrouble {
  return { name, found, cure: TROUBLES[name].cure };
}

/** Thrown where a session would be started that can't be isolated. */
export class IsolationUnavailable extends Error {
  override readonly name = "IsolationUnavailable";
  readonly trouble: IsolationTrouble;

  constructor(trouble: IsolationTrouble) {
    super(trouble.found);
    this.trouble = trouble;
  }
}

const SIGNS: readonly (readonly [RegExp, IsolationTroubleName])[] = [
  [/mount proc/u, "isolation_proc"],
  [/\/proc\/sys\/\S+: Read-only|set hostname|NETLINK_ROUTE/u, "isolation_unit"],
  [
    /namespace|uid map|RTM_NEWADDR|user\.max_user_namespaces|max_user_namespaces/u,
    "isolation_namespaces",
  ],
  [/Unknown option/u, "isolation_outdated"],
];

/** Which program is missing, by what says so. */
const MISSING: readonly (readonly [RegExp, string])[] = [
  [/['‘]bwrap['’]: No such file|failed to execute bwrap/u, "bubblewrap (`bwrap`) is missing."],
  [/['‘]setpriv['’]: No such file/u, "`setpriv` (in util-linux) is missing."],
  [/socat doesn't listen/u, "`socat` is missing, or doesn't start."],
];

/** What a trial start's error output means. */
export function explainIsolation(errorOutput: string): IsolationTrouble {
  const [, found] = MISSING.find(([sign]) => sign.test(errorOutput)) ?? [];
  if (found !== undefined) return isolationTrouble("isolation_programs", found);
  const [, name = "isolation_unknown"] = SIGNS.find(([sign]) => sign.test(errorOutput)) ?? [];
  return isolationTrouble(name);
}
