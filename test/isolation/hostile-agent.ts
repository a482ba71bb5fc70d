/* Runs in a sandbox, tries to get out of it, and prints a table of what it tried and what it got. */
import { execFileSync, spawnSync } from "node:child_process";
import { lookup } from "node:dns/promises";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import type { NetConnectOpts } from "node:net";
import { connect } from "node:net";
import { homedir, hostname } from "node:os";

/** Where things are outside, as if the agent knew. */
interface Targets {
  readonly pid: number;
  readonly port: number;
  readonly abstractSocket: string;
  readonly socket: string;
  readonly files: readonly string[];
}

const targets: Targets = JSON.parse(process.argv[2] ?? "");
const table: [tried: string, got: string][] = [];

/** The error's code, or what was got. */
function attempt(action: () => unknown): string {
  try {
    const got = action();
    return `got ${String(got)}`;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

function tried(what: string, action: () => unknown): void {
  table.push([what, attempt(action)]);
}

async function connecting(options: NetConnectOpts): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(options, () => resolve("got a connection"));
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "?"));
  });
}

const NUMBERS = {
  x64: {
    ptrace: 101,
    pidfd_getfd: 438,
    mount: 165,
    unshare: 272,
    keyctl: 250,
    io_uring_setup: 425,
    bpf: 321,
    clone: 56,
    socket: 41,
    setns: 308,
    mknod: 133,
  },
  arm64: {
    ptrace: 117,
    pidfd_getfd: 438,
    mount: 40,
    unshare: 97,
    keyctl: 219,
    io_uring_setup: 425,
    bpf: 280,
    clone: 220,
    socket: 198,
    setns: 268,
    mknod: 33,
  },
};

/** Perl, which every Debian has, makes a system call; prints its error's name, or "got it". */
function perl(body: string): string {
  const program = `use Errno; $! = 0; my $r = ${body}; if ($r == -1 || !defined $r) { my ($n) = grep { $!{$_} } keys %!; print $n; } else { print "got it"; }`;
  return execFileSync("perl", ["-e", program], { encoding: "utf8" });
}

function call(name: keyof typeof NUMBERS.x64, ...args: (string | number)[]): void {
  const number = NUMBERS[process.arch === "arm64" ? "arm64" : "x64"][name];
  table.push([
    `${name}(${args.join(", ")})`,
    perl(`do { my @a = (${args.join(", ")}); syscall(${number}, @a) }`),
  ]);
}

// Processes.
const programs = readdirSync("/proc")
  .filter((name) => /^\d+$/u.test(name))
  .map((id) => readFileSync(`/proc/${id}/comm`, "utf8").trim());
table.push(["list processes", [...new Set(programs)].toSorted().join(" ")]);
tried("read the bot's environment", () => readFileSync(`/proc/${targets.pid}/environ`, "utf8"));
tried("signal the bot", () => process.kill(targets.pid, "SIGKILL"));
tried("end the first process", () => process.kill(1, "SIGKILL"));
tried("reach the root behind the first process", () =>
  readdirSync(`/proc/1/root${homedir() === "/root" ? "" : "/root"}`),
);

// Files.
tried("list the home", () => readdirSync(homedir()));
for (const path of [
  "/root",
  "/etc/shadow",
  "/run",
  "/var",
  "/sys",
  "/var/run/docker.sock",
  ...targets.files,
])
  tried(`read ${path.replace(/^.*\/(?=bot|other)/u, "…/")}`, () => readdirSync(path));
symlinkSync(targets.files[0] ?? "", "/workspace/link");
tried("follow a link out of the workspace", () => readFileSync("/workspace/link", "utf8"));
const SYSTEM = /^(?:bin|dev|etc|home|lib(?:32|64|x32)?|proc|sbin|tmp|usr|workspace)$/u;
const [, ofNode = ""] = process.execPath.split("/");
tried("list what else is in /", () =>
  readdirSync("/").filter((name) => name !== ofNode && !SYSTEM.test(name)),
);
for (const path of ["/", "/usr", "/etc", "/dev", "/proc/sys/kernel", "/run/outside"])
  tried(`write in ${path}`, () => writeFileSync(`${path}/hostile`, "x"));
tried("write over Node", () => writeFileSync(process.execPath, "x"));
tried("set the kernel's core pattern", () =>
  writeFileSync("/proc/sys/kernel/core_pattern", "|/workspace/x"),
);

// Environment and descriptors.
table.push(["read the environment", Object.keys(process.env).toSorted().join(" ")]);
table.push([
  "read the first process' environment",
  attempt(() =>
    readFileSync("/proc/1/environ", "utf8")
      .split("\0")
      .map((line) => line.replace(/=.*/su, ""))
      .toSorted()
      .join(" "),
  ),
]);
const descriptors = spawnSync("bash", ["-c", "for f in /proc/self/fd/*; do readlink $f; done"], {
  encoding: "utf8",
  stdio: ["inherit", "pipe", "inherit"],
});
table.push([
  "list descriptors of programs",
  descriptors.stdout.replaceAll(/\d+/gu, "N").trim().replaceAll("\n", " "),
]);
const own = readdirSync("/proc/self/fd").map((fd) =>
  attempt(() => readlinkSync(`/proc/self/fd/${fd}`)),
);
table.push([
  "find a file among its own descriptors",
  own.filter((path) => /outside|secret|bot/u.test(path)).join(" ") || "none",
]);

tried("open the way to the bot", () => writeFileSync(`/proc/${process.pid}/fd/1`, "x"));

// Network.
table.push(["reach the metadata address", await connecting({ host: "169.254.169.254", port: 80 })]);
table.push(["reach the internet", await connecting({ host: "192.0.2.1", port: 443 })]);
table.push(["reach the bot's port", await connecting({ host: "127.0.0.1", port: targets.port })]);
table.push(["reach an abstract socket", await connecting({ path: targets.abstractSocket })]);
table.push(["reach a socket in a directory", await connecting({ path: targets.socket })]);
table.push([
  "look up a name",
  await lookup("github.com").then(String, (error: NodeJS.ErrnoException) => error.code ?? "?"),
]);
call("socket", 40, 1, 0);
call("socket", 38, 5, 0);
call("socket", 17, 3, 0);
mkdirSync("/tmp/clone");
const push = spawnSync(
  "git",
  ["-C", "/tmp/clone", "push", "https://github.com/octo/hello", "HEAD:main"],
  { encoding: "utf8" },
);
table.push(["push", push.status === 0 ? "pushed" : "refused"]);

// The kernel.
call("ptrace", 16, 1, 0, 0);
call("pidfd_getfd", 0, 1, 0);
call("mount", '"none"', '"/tmp"', '"tmpfs"', 0, 0);
call("unshare", 0x10_00_00_00);
call("clone", 0x10_00_00_11, 0, 0, 0, 0);
call("keyctl", 0, -3, 0);
call("io_uring_setup", 8, '"\\0" x 120');
call("bpf", 0, '"\\0" x 120', 120);
call("setns", 0, 0);
call("mknod", ...(process.arch === "arm64" ? [-100] : []), '"/workspace/disk"', 0o60666, 0x0800);
table.push(["become root", perl("do { $> = 0; $> == 0 ? 0 : -1 }")]);
table.push(["type into the terminal", perl('do { my $x = "x"; ioctl(STDIN, 0x5412, $x) // -1 }')]);
const su = spawnSync("su", ["-c", "true"], { encoding: "utf8", input: "" });
table.push(["use a program of root's (su)", su.status === 0 ? "became root" : "refused"]);
table.push(["read the machine's name", hostname()]);

// Limits.
const raise = spawnSync("bash", ["-c", "ulimit -u unlimited"], { encoding: "utf8" });
table.push(["raise a limit", raise.status === 0 ? "raised" : "refused"]);
const big = spawnSync("dd", ["if=/dev/zero", "of=/workspace/big", "bs=1M", "count=1000"], {
  encoding: "utf8",
});
table.push([
  "write a big file",
  big.status === 0 ? "written" : `ended by ${big.signal ?? big.stderr.split("\n")[0]}`,
]);
const bomb = execFileSync(
  "perl",
  [
    "-e",
    'my @p; for (1 .. 1000) { my $p = fork; if (!defined $p) { print "refused, "; last } if (!$p) { close STDOUT; sleep 1000; exit } push @p, $p } print @p < 80 ? "fewer than 80 are there" : "more are there"; kill 9, @p; waitpid $_, 0 for @p',
  ],
  { encoding: "utf8" },
);
table.push(["start 1000 processes", bomb]);
// Outlives its session, if it can: a session of its own, and a parent that has ended.
spawnSync("setsid", ["-f", "bash", "-c", 'exec -a "$0" sleep 1000', process.argv[3] ?? ""], {
  stdio: "ignore",
});
const isSleeping = () => spawnSync("pgrep", ["-x", "sleep"]).status === 0;
while (!isSleeping());
table.push(["leave a process behind", "it runs"]);

process.stdout.write(table.map((row) => row.join(": ")).join("\n"));
