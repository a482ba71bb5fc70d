import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, readdir, rmdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { cgroupSettings, controllersIn, findCgroup } from "../core/isolation/cgroups.ts";
import type { CgroupController, SandboxLimits } from "../core/isolation/limits.ts";
import { kernelText, withChildren } from "./processes.ts";

/** The cgroup of one sandbox. */
export interface Cgroup {
  readonly directory: string;
  readonly controllers: ReadonlySet<CgroupController>;
  processes(): Promise<readonly number[]>;
  /** Ends all its processes at once; false when it has none. */
  kill(): Promise<boolean>;
  /** Whether the kernel has ended it for its memory. */
  ranOutOfMemory(): Promise<boolean>;
  /** Gives it back, once its processes have ended. */
  remove(): Promise<void>;
}

/** Cgroups for sandboxes, where the bot may make some. */
export interface Cgroups {
  /** What the kernel limits there. Ending a sandbox at once works without any. */
  readonly controllers: ReadonlySet<CgroupController>;
  create(limits: SandboxLimits, processors: number): Promise<Cgroup>;
}

/** The name of the cgroup that the bot goes into itself: one with limits for others below it has no processes. */
const OWN = "bot";
const PREFIX = "sandbox-";
/** Milliseconds until a cgroup's processes have ended, and between two looks. */
const ENDED_WITHIN = 5000;
const PAUSE = 10;

/**
 * Finds out whether cgroups of version 2 are delegated to the bot: by systemd (`Delegate=yes`), to a container, or
 * because nobody else uses them. If they are, the bot's processes move into one of their own.
 *
 * @returns null where the bot may make none
 */
export async function findCgroups(): Promise<Cgroups | null> {
  const place = findCgroup(
    readFileSync("/proc/self/mountinfo", "utf8"),
    readFileSync("/proc/self/cgroup", "utf8"),
  );
  if (place === null || !(await isDelegated(place.directory))) return null;
  const isMoved = basename(place.directory) === OWN;
  const parent = isMoved ? dirname(place.directory) : place.directory;
  try {
    await removeOthers(parent);
    const controllers = await enable(parent);
    await (await create(parent, controllers, TRIAL, 1)).remove();
    return { controllers, create: async (...made) => create(parent, controllers, ...made) };
  } catch {
    return null;
  }
}

const TRIAL = { memory: 2 ** 26, processes: 64 };

/**
 * Root may write everywhere, and everybody in what their own systemd has made for them; but what's systemd's stays
 * systemd's, unless a unit's `Delegate` says otherwise. Another user has a cgroup only because it was delegated. A
 * container's first process is in the container's own cgroup.
 */
async function isDelegated(directory: string): Promise<boolean> {
  const account = process.geteuid?.();
  const unit = directory.split("/").findLast((name) => /\.(?:service|scope)$/u.test(name));
  const isUsers = directory.includes("/user@");
  if (account !== 0 && !isUsers) return (await stat(directory).catch(() => null))?.uid === account;
  if (unit === undefined) {
    const [first, own] = [await nameOf("1"), await nameOf("self")];
    return first === own || basename(directory) === OWN;
  }
  const asked = ["show", ...(isUsers ? ["--user"] : []), "--property=Delegate", "--value"];
  const answer = await promisify(execFile)("systemctl", [...asked, "--", unit]).catch(() => null);
  return answer?.stdout.trim() === "yes";
}

async function nameOf(processId: string): Promise<string | undefined> {
  return /^0::.*$/mu.exec(await kernelText(`/proc/${processId}/cgroup`))?.[0];
}

/** Has the kernel limit what's below a cgroup; returns what it limits there. */
async function enable(parent: string): Promise<ReadonlySet<CgroupController>> {
  const control = join(parent, "cgroup.subtree_control");
  const available = controllersIn(await kernelText(join(parent, "cgroup.controllers")));
  const isEnabled = () => kernelText(control).then(controllersIn);
  const enabled = await isEnabled();
  const missing = [...available].filter((controller) => !enabled.has(controller));
  if (missing.length === 0) return enabled;
  const isTop = (await kernelText(join(parent, "cgroup.type"))) === "";
  const moved = isTop ? [] : await moveOwn(parent);
  try {
    await writeFile(control, missing.map((controller) => `+${controller}`).join(" "));
  } catch {
    // Somebody else's process is there, so the cgroup isn't the bot's.
    for (const id of moved)
      await writeFile(join(parent, "cgroup.procs"), String(id)).catch(() => {});
    if (!isTop) await rmdir(join(parent, OWN)).catch(() => {});
  }
  return isEnabled();
}

/** Moves the bot, what it has started, and, in a container, everything else. */
async function moveOwn(parent: string): Promise<readonly number[]> {
  const own = join(parent, OWN);
  await mkdir(own, { recursive: true });
  const all = (await kernelText(join(parent, "cgroup.procs")))
    .split("\n")
    .filter(Boolean)
    .map(Number);
  const ours = await withChildren(process.pid);
  const moved = all.filter((id) => all.includes(1) || ours.includes(id));
  for (const id of moved) await writeFile(join(own, "cgroup.procs"), String(id)).catch(() => {});
  return moved;
}

let count = 0;

async function create(
  parent: string,
  controllers: ReadonlySet<CgroupController>,
  limits: Pick<SandboxLimits, "memory" | "processes">,
  processors: number,
): Promise<Cgroup> {
  count += 1;
  const directory = join(parent, `${PREFIX}${process.pid}-${count}`);
  await mkdir(directory);
  const read = async (file: string) => kernelText(join(directory, file));
  for (const [file, value] of cgroupSettings(limits, controllers, processors)) {
    const writing = writeFile(join(directory, file.replace("?", "")), value, { flag: "r+" });
    await (file.endsWith("?") ? writing.catch(() => {}) : writing);
  }
  return {
    directory,
    controllers,
    processes: async () => (await read("cgroup.procs")).split("\n").filter(Boolean).map(Number),
    async kill() {
      const isPopulated = (await read("cgroup.events")).includes("populated 1");
      if (isPopulated) await writeFile(join(directory, "cgroup.kill"), "1").catch(() => {});
      return isPopulated;
    },
    ranOutOfMemory: async () => /^oom_kill [1-9]/mu.test(await read("memory.events")),
    async remove() {
      const until = performance.now() + ENDED_WITHIN;
      while (performance.now() < until) {
        if (await rmdir(directory).then(() => true, isGone)) return;
        await delay(PAUSE);
      }
    },
  };
}

function isGone(error: NodeJS.ErrnoException): boolean {
  return error.code === "ENOENT";
}

/** Removes what bots have left that were killed. One with processes can't be removed. */
async function removeOthers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const [, id] = /^sandbox-(?<id>\d+)-\d+$/u.exec(name) ?? [];
    if (id === undefined || (await kernelText(`/proc/${id}/stat`)) !== "") continue;
    await rmdir(join(parent, name)).catch(() => {});
  }
}
