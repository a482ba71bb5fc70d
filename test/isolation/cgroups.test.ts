import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, describe, expect, test } from "vitest";
import { findCgroups } from "../../src/isolation/cgroups.ts";
import type { Isolation } from "../../src/ports/isolation.ts";
import { hasBubblewrap } from "./bubblewrap.ts";
import { bubblewrap, none } from "./isolations.ts";
import { processesWith } from "./outside.ts";

const LIMITS = { memory: 2 ** 27, processes: 80, disk: 2 ** 25, freeDisk: 0, time: 20_000 };

/** Null where the tests may make none: the kernel's own are version 1, or whoever runs the tests has none delegated. */
const cgroups = await findCgroups();
const keeps = (controller: "memory" | "pids" | "cpu") => cgroups?.controllers.has(controller);

const root = mkdtempSync(join(tmpdir(), "cgroups-"));
chmodSync(root, 0o711);
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** Starts a program in a cgroup; returns how it ended, and what that cgroup was. */
async function run(isolation: Isolation, name: string, script: string) {
  const workspace = join(root, name);
  await isolation.makeDirectory(root, workspace, "sandboxes");
  const sandbox = await isolation.open({
    command: ["/bin/bash", "-c", script, name],
    workspace,
    state: null,
    readable: [],
    forwards: {},
    limits: LIMITS,
  });
  const { program, args } = sandbox.command;
  const child = spawn(program, args, {
    env: sandbox.environment,
    stdio: ["pipe", "pipe", "inherit"],
  });
  sandbox.watch(child.pid ?? 0);
  const ended = once(child, "exit");
  const output = await text(child.stdout);
  await ended;
  const exceeded = await sandbox.close();
  const directory = args.find((argument) => argument.includes("/sandbox-")) ?? "";
  return { output, signal: child.signalCode, exceeded, directory };
}

describe.skipIf(cgroups === null)(
  "a session's cgroup (skipped where none are delegated to whoever runs the tests)",
  () => {
    test.skipIf(!hasBubblewrap)("has all its processes, and goes with them", async () => {
      const isolation = bubblewrap(join(root, "own"), { cgroups });
      const { output, directory, exceeded } = await run(isolation, "one", "cat /proc/self/cgroup");
      // In a namespace of its own, it's the root.
      expect(output).toMatch(/^0::\/$/mu);
      expect(directory).not.toBe("");
      expect(existsSync(directory)).toBe(false);
      expect(exceeded).toBe(null);
    });

    test("ends what the program has left behind, however that hides", async () => {
      const isolation = none(join(root, "none"), { cgroups });
      const marker = `hidden-${process.pid}`;
      const script = `env -i setsid -f bash -c 'echo started; exec >&-; sleep 1000; true' ${marker}`;
      const { output, directory } = await run(isolation, "behind", script);
      expect(output).toBe("started\n");
      await expect.poll(() => processesWith(marker)).toEqual([]);
      expect(existsSync(directory)).toBe(false);
    });

    test.skipIf(keeps("memory") !== true)(
      "ends with all in it above its memory (skipped where memory isn't delegated)",
      async () => {
        const fill = `perl -e '$x = "x" x 2e8; sleep 1000' & sleep 1000`;
        for (const isolation of [
          none(join(root, "none"), { cgroups }),
          bubblewrap(join(root, "own"), { cgroups }),
        ]) {
          const { signal, exceeded } = await run(isolation, "memory", fill);
          expect({ signal, exceeded }).toEqual({ signal: "SIGKILL", exceeded: "memory" });
        }
      },
    );

    test.skipIf(keeps("memory") !== true)(
      "counts what's in files in memory, and what was sent away (skipped where memory isn't delegated)",
      async () => {
        const fill =
          "head -c 40M /dev/zero >/dev/shm/a 2>/dev/null; cat /dev/shm/a /dev/shm/a > /tmp/x; head -c 30M /dev/zero > $HOME/x; head -c 30M /dev/zero > /tmp/y; head -c 60M /dev/zero | tail -c 60M | sleep 1000";
        const { exceeded } = await run(bubblewrap(join(root, "own"), { cgroups }), "files", fill);
        expect(exceeded).toBe("memory");
      },
    );

    test.skipIf(keeps("pids") !== true)(
      "has no more processes than it may (skipped where pids aren't delegated)",
      async () => {
        const bomb = `perl -e '$| = 1; for (1 .. 500) { my $p = fork; if (!defined $p) { print "refused"; last } if (!$p) { close STDOUT; sleep 1000 } push @p, $p } print @p < 120 ? ", few" : ", many"; kill 9, @p'`;
        const { output } = await run(none(join(root, "none"), { cgroups }), "bomb", bomb);
        expect(output).toBe("refused, few");
      },
    );

    test.skipIf(keeps("cpu") !== true)(
      "keeps no more than its processors busy (skipped where cpu isn't delegated)",
      async () => {
        // Two that are busy for a second and a half, and how much time they get together.
        const busy = `perl -e 'use Time::HiRes "time"; my $end = time + 1.5; my $p = fork; 1 while time < $end; exit if !$p; wait; my ($u, $s, $cu, $cs) = times; print $u + $s + $cu + $cs'`;
        const isolation = none(join(root, "none"), { cgroups });
        const { output } = await run(isolation, "cpu", busy);
        expect(Number(output)).toBeGreaterThan(0);
        expect(Number(output)).toBeLessThan(1.9);
      },
    );

    test("isn't left behind by a bot that was killed", async () => {
      const made = await cgroups?.create(LIMITS, 1);
      const directory = made?.directory ?? "";
      const { pid } = spawnSync("true");
      const left = join(dirname(directory), `sandbox-${pid}-1`);
      mkdirSync(left);
      await findCgroups();
      // The other one is a living bot's.
      expect([existsSync(left), existsSync(directory)]).toEqual([false, true]);
      await made?.remove();
      expect(existsSync(directory)).toBe(false);
    });
  },
);
