import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { BubblewrapIsolation } from "../../src/isolation/bubblewrap.ts";
import { hasBubblewrap } from "./bubblewrap.ts";
import { processesWith } from "./outside.ts";

const USER = { uid: 61_234, gid: 61_234 };
const LIMITS = { memory: 2 ** 27, processes: 80, disk: 2 ** 25, freeDisk: 0, time: 20_000 };
const MEMFD_CREATE = process.arch === "arm64" ? 279 : 319;

const root = mkdtempSync(join(tmpdir(), "outside-"));
chmodSync(root, 0o755);
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** What a program does, under which limits, and the limit that it's ended for. */
const ROWS = [
  { does: "nothing", perl: "0", limits: {}, exceeded: null },
  { does: "fills its memory", perl: '$x = "x" x 2e8; sleep 1000', limits: {}, exceeded: "memory" },
  {
    does: "fills memory that no process has mapped",
    perl: `$n = ""; for (1 .. 6) { open $f[$_], ">&=", syscall(${MEMFD_CREATE}, $n, 0); syswrite $f[$_], "x" x 25e6 } sleep 1000`,
    limits: {},
    exceeded: "memory",
  },
  {
    does: "fills its memory and its file systems in memory",
    perl: 'for $d ("/tmp", "/dev/shm", $ENV{HOME}) { open $f, ">", "$d/x"; for (1 .. 6) { syswrite $f, "x" x 5e6 } } $x = "x" x 2e7; sleep 1000',
    limits: { memory: 88e6 },
    exceeded: "memory",
  },
  {
    does: "fills the disk with many files",
    perl: 'mkdir "/workspace/d"; for (1 .. 40) { open $f, ">", "/workspace/d/-$_\\n"; syswrite $f, "x" x 1e6; close $f } sleep 1000',
    limits: {},
    exceeded: "disk",
  },
  {
    does: "fills the disk with files without a name",
    perl: 'for (1 .. 40) { open $f[$_], ">", "/workspace/x"; unlink "/workspace/x"; syswrite $f[$_], "x" x 1e6 } sleep 1000',
    limits: {},
    exceeded: "disk",
  },
  {
    does: "runs where the disk is nearly full",
    perl: "sleep 1000",
    limits: { freeDisk: 2 ** 60 },
    exceeded: "free_disk",
  },
  { does: "takes too long", perl: "sleep 1000", limits: { time: 300 }, exceeded: "time" },
] as const;

describe.skipIf(!hasBubblewrap).concurrent("a sandbox that", () => {
  test.for(ROWS)("$does ends with $exceeded", async ({ does, perl, limits, exceeded }, context) => {
    const workspace = join(root, does);
    mkdirSync(workspace);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) chownSync(workspace, USER.uid, USER.gid);
    const isolation = new BubblewrapIsolation({
      directory: join(root, `${does}-own`),
      user: isRoot ? USER : null,
    });
    const sandbox = {
      command: ["/usr/bin/perl", "-e", perl] as const,
      workspace,
      state: null,
      readable: [],
      forwards: [],
      limits: { ...LIMITS, ...limits },
    };
    const { program, args } = isolation.command(sandbox);
    const child = spawn(program, args, { env: { PATH: "/usr/bin:/bin", HOME: "/home/agent" } });
    const watching = isolation.watch(child.pid ?? 0, sandbox);
    const [status, signal] = await once(child, "exit");
    watching.stop();
    await context.expect.poll(() => processesWith(workspace)).toEqual([]);
    context.expect({ status, signal, exceeded: await watching.exceeded }).toEqual({
      status: exceeded === null ? 0 : null,
      signal: exceeded === null ? null : "SIGKILL",
      exceeded,
    });
  });
});

test.skipIf(!hasBubblewrap)("a sandbox ends with the bot, however that ends", async () => {
  const isRoot = process.getuid?.() === 0;
  const workspace = join(root, "orphan");
  mkdirSync(workspace);
  if (isRoot) chownSync(workspace, USER.uid, USER.gid);
  const isolation = new BubblewrapIsolation({
    directory: join(root, "orphan-own"),
    user: isRoot ? USER : null,
  });
  const marker = `orphan-${process.pid}`;
  const { program, args } = isolation.command({
    command: ["/bin/bash", "-c", "echo started; sleep 1000; true", marker],
    workspace,
    state: null,
    readable: [],
    forwards: [],
    limits: LIMITS,
  });
  const start = `require("node:child_process").spawn(${JSON.stringify(program)}, ${JSON.stringify(args)}, { stdio: "inherit" })`;
  const bot = spawn(process.execPath, ["-e", start], { env: { PATH: "/usr/bin:/bin" } });
  const [started] = await once(bot.stdout, "data");
  expect(String(started)).toBe("started\n");
  const left = () => processesWith(marker);
  expect(left()).not.toEqual([]);
  bot.kill("SIGKILL");
  await expect.poll(left).toEqual([]);
});

test.skipIf(!hasBubblewrap)(
  "isolation says whether it's available, and how limits are kept",
  async () => {
    const directory = join(root, "check");
    const user = process.getuid?.() === 0 ? USER : null;
    expect(await new BubblewrapIsolation({ directory, user }).check()).toEqual({
      available: true,
      limits: {
        memory: "measured every second; the session is ended above it",
        processes: "RLIMIT_NPROC, for processes and threads of the session together",
        disk: "measured every second; the session is ended above it. RLIMIT_FSIZE for a single file",
        time: "measured; the session is ended after it",
        cpu: "lowered priority (nice 10) only",
      },
    });
  },
);
