import type { CgroupController, SandboxLimits } from "./limits.ts";

/** Where cgroups of version 2 are, and which one a process is in. */
export interface CgroupPlace {
  /** The directory of the process' own cgroup. */
  readonly directory: string;
  /** Its name in the whole tree, as far as the process sees it. */
  readonly name: string;
}

/**
 * Reads a process' `mountinfo` and `cgroup` (proc(5), cgroups(7)). Null where there are no cgroups of version 2, or the
 * process' own isn't in what's mounted.
 */
export function findCgroup(mountinfo: string, cgroup: string): CgroupPlace | null {
  const name = /^0::(?<name>\/.*)$/mu.exec(cgroup)?.groups?.["name"];
  if (name === undefined || name.startsWith("/..")) return null;
  for (const line of mountinfo.split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    if (!after.startsWith("cgroup2 ")) continue;
    const [, , , root = "/", point = ""] = before.split(" ");
    const isInside = root === "/" || name === root || name.startsWith(`${root}/`);
    if (!isInside) continue;
    const below = root === "/" ? name : name.slice(root.length);
    return { directory: `${point}${below}`.replace(/\/$/u, ""), name };
  }
  return null;
}

/** The controllers that sandboxes are limited with, of those that a file of a cgroup lists. */
export function controllersIn(text: string): ReadonlySet<CgroupController> {
  const listed = text.trim().split(" ");
  return new Set(WANTED.filter((controller) => listed.includes(controller)));
}

const WANTED = ["memory", "pids", "cpu"] as const;

/** Bubblewrap's own two, those that lead ports to sockets, and what starts them. */
const PROCESSES_BESIDE = 32;
/** Microseconds of a period, of which a share is given. */
const PERIOD = 100_000;

/** What is written into which file of a sandbox's cgroup (the kernel's `cgroup-v2.rst`). Those that may be missing end in `?`. */
export function cgroupSettings(
  limits: Pick<SandboxLimits, "memory" | "processes">,
  controllers: ReadonlySet<CgroupController>,
  processors: number,
): readonly (readonly [file: string, value: string])[] {
  const settings: Readonly<Record<CgroupController, readonly (readonly [string, string])[]>> = {
    memory: [
      ["memory.max", String(limits.memory)],
      ["memory.swap.max?", "0"],
      // Half a session is of no use.
      ["memory.oom.group", "1"],
    ],
    pids: [["pids.max", String(limits.processes + PROCESSES_BESIDE)]],
    cpu: [["cpu.max", `${processors * PERIOD} ${PERIOD}`]],
  };
  return [...controllers].flatMap((controller) => settings[controller]);
}
