import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBubblewrap } from "./bubblewrap.ts";
import { bubblewrap, isRoot } from "./isolations.ts";
import { portOf, processesWith } from "./outside.ts";

/** An account that nothing else has. */
const USER = { uid: 61_234, gid: 61_234 };
const LIMITS = { memory: 2 ** 30, processes: 80, disk: 2 ** 26, freeDisk: 0, time: 60_000 };
const AGENT = fileURLToPath(new URL("hostile-agent.ts", import.meta.url));

const root = mkdtempSync(join(tmpdir(), "outside-"));
const own = createServer((socket) => socket.end("the bot's secret"));
const abstractOne = createServer((socket) => socket.end("the bot's secret"));
const inDirectory = createServer((socket) => socket.end("the bot's secret"));

beforeAll(async () => {
  chmodSync(root, 0o755);
  for (const directory of ["bot", "other-workspace"]) {
    mkdirSync(join(root, directory));
    writeFileSync(join(root, directory, "secret"), "secret");
  }
  own.listen(0, "127.0.0.1");
  abstractOne.listen(`\0${root}`);
  inDirectory.listen(join(root, "bot", "socket"));
  await Promise.all(
    [own, abstractOne, inDirectory].map(async (server) => once(server, "listening")),
  );
});

afterAll(() => {
  for (const server of [own, abstractOne, inDirectory]) server.close();
  rmSync(root, { recursive: true });
});

/** Lets the agent try everything; returns the table, and whether anything of it is still there. */
async function runAgent(name: string, user: typeof USER | null, spawnAs: typeof USER | null) {
  const workspace = join(root, name);
  mkdirSync(workspace);
  if (isRoot) chownSync(workspace, USER.uid, USER.gid);
  const isolation = bubblewrap(join(root, `${name}-own`), { user });
  const marker = `outlives-${name}-${process.pid}`;
  const targets = {
    pid: process.pid,
    port: portOf(own.address()),
    abstractSocket: `\0${root}`,
    socket: join(root, "bot", "socket"),
    files: [join(root, "bot", "secret"), join(root, "bot"), join(root, "other-workspace")],
  };
  // What a bot of this account would start.
  if (spawnAs !== null) process.seteuid?.(spawnAs.uid);
  const sandbox = await isolation.open({
    command: [process.execPath, AGENT, JSON.stringify(targets), marker],
    workspace,
    state: null,
    readable: [process.execPath, AGENT],
    forwards: {},
    limits: LIMITS,
  });
  const { program, args } = sandbox.command;
  if (spawnAs !== null) process.seteuid?.(0);
  const secret = openSync(join(root, "bot", "secret"), "r");
  const child = spawn(program, args, {
    env: sandbox.environment,
    // A descriptor that reaches the sandbox's starter, as one of the bot's own could.
    stdio: ["pipe", "pipe", "pipe", secret],
    ...spawnAs,
  });
  if (child.stdout === null || child.stderr === null) throw new Error("no pipes");
  const [out, errors] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  await sandbox.close();
  const left = () => processesWith(marker);
  return { table: `${out}${errors}`.trim(), left };
}

describe.skipIf(!hasBubblewrap)("a hostile agent", () => {
  test("gets nothing, under a bot that is root and one that isn't", async () => {
    const asRoot = ["as-root", USER, null] as const;
    const asUser = ["as-user", null, isRoot ? USER : null] as const;
    // One after the other: the account is the whole process'.
    for (const [name, user, spawnAs] of isRoot ? [asRoot, asUser] : [asUser]) {
      const { table, left } = await runAgent(name, user, spawnAs);
      expect(table).toMatchInlineSnapshot(`
        "list processes: MainThread bwrap
        read the bot's environment: ENOENT
        signal the bot: ESRCH
        end the first process: got true
        reach the root behind the first process: ENOENT
        list the home: got 
        read /root: ENOENT
        read /etc/shadow: ENOENT
        read /run: ENOENT
        read /var: ENOENT
        read /sys: ENOENT
        read /var/run/docker.sock: ENOENT
        read …/bot/secret: ENOENT
        read …/bot: ENOENT
        read …/other-workspace: ENOENT
        follow a link out of the workspace: ENOENT
        list what else is in /: got 
        write in /: EROFS
        write in /usr: EROFS
        write in /etc: EROFS
        write in /dev: EROFS
        write in /proc/sys/kernel: ENOENT
        write in /run/outside: ENOENT
        write over Node: EROFS
        set the kernel's core pattern: EACCES
        read the environment: HOME PATH PWD SHLVL
        read the first process' environment: got  HOME PATH PWD SHLVL
        list descriptors of programs: socket:[N] socket:[N] socket:[N]
        find a file among its own descriptors: none
        open the way to the bot: ENXIO
        reach the metadata address: ENETUNREACH
        reach the internet: ENETUNREACH
        reach the bot's port: ECONNREFUSED
        reach an abstract socket: ECONNREFUSED
        reach a socket in a directory: ENOENT
        look up a name: ENOTFOUND
        socket(40, 1, 0): EAFNOSUPPORT
        socket(38, 5, 0): EAFNOSUPPORT
        socket(17, 3, 0): EAFNOSUPPORT
        push: refused
        ptrace(16, 1, 0, 0): EPERM
        pidfd_getfd(0, 1, 0): EPERM
        mount("none", "/tmp", "tmpfs", 0, 0): EPERM
        unshare(268435456): EPERM
        clone(268435473, 0, 0, 0, 0): ENOSPC
        keyctl(0, -3, 0): EPERM
        io_uring_setup(8, "\\0" x 120): EPERM
        bpf(0, "\\0" x 120, 120): EPERM
        setns(0, 0): EPERM
        mknod("/workspace/disk", 25014, 2048): EPERM
        become root: EINVAL
        type into the terminal: EPERM
        use a program of root's (su): refused
        read the machine's name: sandbox
        raise a limit: refused
        write a big file: ended by SIGXFSZ
        start 1000 processes: refused, fewer than 80 are there
        leave a process behind: it runs"
      `);
      await expect.poll(left).toEqual([]);
    }
  });
});
