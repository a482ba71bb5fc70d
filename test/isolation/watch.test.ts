import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { withChildren } from "../../src/isolation/processes.ts";
import { Watch } from "../../src/isolation/watch.ts";
import type { Isolation } from "../../src/ports/isolation.ts";
import { hasBubblewrap } from "./bubblewrap.ts";
import { bubblewrap, none } from "./isolations.ts";
import { processesWith } from "./outside.ts";

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
    does: "fills its file systems in memory, with children that have ended",
    perl: 'if (!fork) { exit } for $d ("/tmp", "/dev/shm", $ENV{HOME}) { open $f, ">", "$d/x"; for (1 .. 6) { syswrite $f, "x" x 5e6 } } $x = "x" x 2e7; sleep 1000',
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

/** Starts a program, and waits for its end. */
async function run(isolation: Isolation, name: string, program: Program) {
  const workspace = join(root, name);
  await isolation.makeDirectory(root, workspace, "sandboxes");
  const sandbox = await isolation.open({
    command: program.command,
    workspace,
    state: null,
    readable: [],
    forwards: {},
    limits: { ...LIMITS, ...program.limits },
  });
  const child = spawn(sandbox.command.program, sandbox.command.args, {
    env: { ...sandbox.environment, WORKSPACE: sandbox.paths.workspace },
  });
  if (child.pid !== undefined) sandbox.watch(child.pid);
  const [status, signal] = await once(child, "exit");
  return { status, signal, exceeded: await sandbox.close() };
}

interface Program {
  readonly command: readonly [string, ...string[]];
  readonly limits: object;
}

describe.skipIf(!hasBubblewrap).concurrent("a sandbox that", () => {
  test.for(ROWS)("$does ends with $exceeded", async ({ does, perl, limits, exceeded }, context) => {
    const command = ["/usr/bin/perl", "-e", perl] as const;
    const ended = await run(bubblewrap(join(root, `${does}-own`)), does, { command, limits });
    await context.expect.poll(() => processesWith(join(root, does))).toEqual([]);
    context.expect(ended).toEqual({
      status: exceeded === null ? 0 : null,
      signal: exceeded === null ? null : "SIGKILL",
      exceeded,
    });
  });
});

/** Of a program that isn't isolated, what's in memory can't be distinguished from anybody else's. */
const UNISOLATED = ROWS.filter(({ does }) => !does.includes("file systems in memory"));

describe.concurrent("without isolation, a program that", () => {
  test.for(UNISOLATED)(
    "$does ends with $exceeded",
    async ({ does, perl, limits, exceeded }, context) => {
      const name = `unisolated ${does}`;
      const command = [
        "/usr/bin/perl",
        "-e",
        perl.replaceAll("/workspace", join(root, name)),
      ] as const;
      const ended = await run(none(join(root, `${name}-own`)), name, { command, limits });
      await context.expect.poll(() => processesWith(join(root, name))).toEqual([]);
      context.expect(ended.exceeded).toBe(exceeded);
      context.expect(ended.signal).toBe(exceeded === null ? null : "SIGKILL");
    },
  );

  test("leaves something behind loses it with its session", async (context) => {
    const marker = `left-behind-${process.pid}`;
    const script = 'setsid bash -c "echo; sleep 1000; true" "$0" & exit 0';
    const command = ["/bin/bash", "-c", script, marker] as const;
    const ended = await run(none(join(root, "behind-own")), "behind", { command, limits: {} });
    context.expect(ended).toEqual({ status: 0, signal: null, exceeded: null });
    await context.expect.poll(() => processesWith(marker)).toEqual([]);
  });
});

test.skipIf(!hasBubblewrap)("a sandbox ends with the bot, however that ends", async () => {
  const isolation = bubblewrap(join(root, "orphan-own"));
  const workspace = join(root, "orphan");
  await isolation.makeDirectory(root, workspace, "sandboxes");
  const marker = `orphan-${process.pid}`;
  const sandbox = await isolation.open({
    command: ["/bin/bash", "-c", "echo started; sleep 1000; true", marker],
    workspace,
    state: null,
    readable: [],
    forwards: {},
    limits: LIMITS,
  });
  const { program, args } = sandbox.command;
  const start = `require("node:child_process").spawn(${JSON.stringify(program)}, ${JSON.stringify(args)}, { stdio: "inherit" })`;
  const bot = spawn(process.execPath, ["-e", start], { env: { PATH: "/usr/bin:/bin" } });
  const [started] = await once(bot.stdout, "data");
  expect(String(started)).toBe("started\n");
  const left = () => processesWith(marker);
  expect(left()).not.toEqual([]);
  bot.kill("SIGKILL");
  await expect.poll(left).toEqual([]);
});

test("a sandbox that's closed ends, started or not", async () => {
  const isolation = hasBubblewrap
    ? bubblewrap(join(root, "closed-own"))
    : none(join(root, "closed-own"));
  const workspace = join(root, "closed");
  await isolation.makeDirectory(root, workspace, "sandboxes");
  const marker = `closed-${process.pid}`;
  const program = {
    command: ["/bin/bash", "-c", "echo started; sleep 1000; true", marker] as const,
    workspace,
    state: null,
    readable: [],
    forwards: {},
    limits: LIMITS,
  };
  const sandbox = await isolation.open(program);
  const child = spawn(sandbox.command.program, sandbox.command.args, { env: sandbox.environment });
  sandbox.watch(child.pid ?? 0);
  await once(child.stdout, "data");
  expect(await sandbox.close()).toBe(null);
  await expect.poll(() => processesWith(marker)).toEqual([]);
  expect(await (await isolation.open(program)).close()).toBe(null);
});

describe.concurrent("while it takes long to measure directories", () => {
  /** Hundreds of thousands of files. */
  const directories = Array.from({ length: 60 }, () => "/usr");

  function watched(changes: object) {
    const child = spawn("sleep", ["1000"]);
    const watch = new Watch({
      limits: { ...LIMITS, disk: Infinity, ...changes },
      directories,
      inMemory: [],
      cgroup: null,
      processesOf: async (first) => (first === null ? [] : withChildren(first)),
    });
    watch.start(child.pid ?? 0);
    return { exit: once(child, "exit"), watch };
  }

  test.for([
    { exceeded: "time", limits: { time: 300 } },
    { exceeded: "memory", limits: { memory: 1 } },
    { exceeded: "free_disk", limits: { freeDisk: 2 ** 60 } },
  ])("the limit of $exceeded is kept", async ({ exceeded, limits }, context) => {
    const { exit, watch } = watched(limits);
    context.expect(await exit).toEqual([null, "SIGKILL"]);
    context.expect(await watch.close()).toBe(exceeded);
  });

  test("what's closed ends at once", async (context) => {
    const { exit, watch } = watched({});
    context.expect(await watch.close()).toBe(null);
    context.expect(await exit).toEqual([null, "SIGKILL"]);
  });
});
