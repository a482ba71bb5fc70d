import type { SandboxLimits } from "./limits.ts";

/** Where a sandbox has what it's given. */
export const INSIDE = {
  workspace: "/workspace",
  state: "/state",
  home: "/home/agent",
  sockets: "/run/outside",
} as const;

/** The account in a sandbox, whichever it is outside. */
const ACCOUNT = { name: "agent", id: 1000 };

/** The files in `/etc` that a sandbox has instead of the machine's. */
export const OWN_ETC: Readonly<Record<string, string>> = {
  passwd: `${ACCOUNT.name}:x:${ACCOUNT.id}:${ACCOUNT.id}::${INSIDE.home}:/bin/bash\n`,
  group: `${ACCOUNT.name}:x:${ACCOUNT.id}:\n`,
  hosts: "127.0.0.1 localhost\n::1 localhost\n",
  "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
};

/**
 * The machine's own files in `/etc` that a sandbox sees, where they exist: certificates, the linker's, the local time.
 * None of them holds a secret, or names a machine.
 */
export const SHARED_ETC = [
  "/etc/ssl/certs",
  "/etc/ssl/openssl.cnf",
  "/etc/pki/tls/certs",
  "/etc/pki/ca-trust/extracted",
  "/etc/alternatives",
  "/etc/ld.so.cache",
  "/etc/ld.so.conf",
  "/etc/ld.so.conf.d",
  "/etc/localtime",
] as const;

/** Directories of the system beside `/usr`: links into it, or on older systems directories of their own. */
export const SYSTEM_DIRECTORIES = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"] as const;

/** What of the machine a sandbox is built from. */
export interface SystemFiles {
  /** Which of SYSTEM_DIRECTORIES exist: the target of a link, or null for a directory. */
  readonly directories: ReadonlyMap<string, string | null>;
  /** Which of SHARED_ETC exist. */
  readonly sharedEtc: readonly string[];
  /** Where the files of OWN_ETC are. */
  readonly ownEtc: string;
}

/** Where the ports of forwards begin; a sandbox has all to itself. */
const FIRST_PORT = 3128;

/** The port of each forward, in a sandbox. */
export function portsInside<Name extends string>(
  forwards: Readonly<Record<Name, string>>,
): Readonly<Record<Name, number>> {
  const ports = Object.keys(forwards).map((name, index) => [name, FIRST_PORT + index]);
  return Object.fromEntries(ports);
}

/** A port on a sandbox's loopback interface that leads to a Unix socket outside: its only network. */
export interface Forward {
  readonly port: number;
  /** The socket's path outside. */
  readonly socket: string;
}

/** What a sandbox can reach outside itself. */
export interface SandboxFiles {
  /** The directory that's its `/workspace`. */
  readonly workspace: string;
  /** Its `/state`; null for none. */
  readonly state: string | null;
  /** Files and directories that it can read, at the same paths. */
  readonly readable: readonly string[];
  readonly forwards: readonly Forward[];
}

/**
 * The arguments of bubblewrap, up to and including `--`. Nothing of the machine is visible but what's listed here, and
 * nothing is writable but `/workspace`, `/state`, and what's in memory.
 *
 * @param filter the descriptor of the filter of system calls
 */
export function bubblewrapArguments(
  files: SandboxFiles,
  system: SystemFiles,
  limits: Pick<SandboxLimits, "memory">,
  filter: number,
): readonly string[] {
  const size = ["--size", String(Math.floor(limits.memory / 4))];
  const account = String(ACCOUNT.id);
  return [
    ["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net"],
    ["--unshare-cgroup-try", "--disable-userns", "--die-with-parent", "--new-session"],
    ["--uid", account, "--gid", account, "--cap-drop", "ALL", "--hostname", "sandbox"],
    readOnly("/usr"),
    ...[...system.directories].map(([path, target]) =>
      target === null ? readOnly(path) : ["--symlink", target, path],
    ),
    ...system.sharedEtc.map((path) => readOnly(path)),
    ...Object.keys(OWN_ETC).map((name) => readOnly(`${system.ownEtc}/${name}`, `/etc/${name}`)),
    ["--proc", "/proc", "--dev", "/dev", ...size, "--tmpfs", "/dev/shm", "--remount-ro", "/dev"],
    [...size, "--perms", "1777", "--tmpfs", "/tmp"],
    [...size, "--perms", "0700", "--tmpfs", INSIDE.home],
    ...files.readable.map((path) => readOnly(path)),
    ...files.forwards.map(({ port, socket }) => readOnly(socket, socketInside(port))),
    ["--bind", files.workspace, INSIDE.workspace],
    files.state === null ? [] : ["--bind", files.state, INSIDE.state],
    ["--remount-ro", "/", "--chdir", INSIDE.workspace],
    ["--seccomp", String(filter), "--"],
  ].flat();
}

function readOnly(path: string, at = path): readonly string[] {
  return ["--ro-bind", path, at];
}

/** Where a sandbox has the socket that a port of its leads to. */
export function socketInside(port: number): string {
  return `${INSIDE.sockets}/${port}.sock`;
}

/** The account outside that a sandbox's processes have. */
export interface SandboxUser {
  readonly uid: number;
  readonly gid: number;
}

/** What starts a program as another account, without a way back; nothing where it stays the same one. */
export function asUser(user: SandboxUser | null): readonly string[] {
  if (user === null) return [];
  const { uid, gid } = user;
  return ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "--no-new-privs", "--"];
}
