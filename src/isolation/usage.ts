import { lstat, opendir, readdir, readlink, stat, statfs } from "node:fs/promises";
import { kernelText } from "./processes.ts";

/** A directory with more entries than this counts as full. */
const MAX_ENTRIES = 1_000_000;

/** Errors that are the bot's own, and not the directory's. */
const OWN_TROUBLE: ReadonlySet<unknown> = new Set(["EMFILE", "ENFILE", "ENOMEM"]);

/** Of a disk's free inodes, what counts as none. */
const FREE_INODES = 1000;

/** Bytes that processes use: in memory, and on a disk in files without a name. */
export interface ProcessUsage {
  readonly memory: number;
  readonly nameless: number;
}

/**
 * What the processes of a sandbox use now, parents first. Memory is each process' share of its pages, what's in the
 * sandbox's file systems in memory, and files without a name, which exist as long as a process has them open.
 *
 * @param inMemory the directories of theirs that are file systems in memory
 * @param hasMemory false where the kernel limits memory: it takes time to measure
 */
export async function usageOfProcesses(
  ids: readonly number[],
  inMemory: readonly string[],
  hasMemory: boolean,
): Promise<ProcessUsage> {
  const open = new Map<string, { bytes: number; isOnDisk: boolean }>();
  let memory = 0;
  for (const id of ids) {
    if (hasMemory) memory += await memoryOfProcess(id);
    await addNameless(id, inMemory, open);
  }
  const files = [...open.values()];
  const nameless = sum(files.filter(({ isOnDisk }) => isOnDisk).map(({ bytes }) => bytes));
  if (!hasMemory) return { memory: 0, nameless };
  // Those in the middle may see the machine's own, and what has ended and isn't waited for sees nothing.
  if (ids.length > 1) memory += await filesInMemory(ids.toReversed(), inMemory);
  const unmapped = sum(files.filter(({ isOnDisk }) => !isOnDisk).map(({ bytes }) => bytes));
  return { memory: memory + unmapped, nameless };
}

async function memoryOfProcess(id: number): Promise<number> {
  const shares = /^Pss:\s+(?<kilobytes>\d+) kB$/mu.exec(
    await kernelText(`/proc/${id}/smaps_rollup`),
  );
  // Readable for everybody, but pages that processes share count for each.
  const resident =
    shares ?? /^VmRSS:\s+(?<kilobytes>\d+) kB$/mu.exec(await kernelText(`/proc/${id}/status`));
  return Number(resident?.groups?.["kilobytes"] ?? 0) * 1024;
}

async function addNameless(
  id: number,
  inMemory: readonly string[],
  open: Map<string, { bytes: number; isOnDisk: boolean }>,
): Promise<void> {
  const descriptors = await readdir(`/proc/${id}/fd`).catch(() => []);
  for (const descriptor of descriptors) {
    const file = await stat(`/proc/${id}/fd/${descriptor}`).catch(() => null);
    if (file === null || !file.isFile() || file.nlink > 0) continue;
    const path = await readlink(`/proc/${id}/fd/${descriptor}`).catch(() => "");
    if (inMemory.some((directory) => path.startsWith(`${directory}/`))) continue;
    const isOnDisk = !path.startsWith("/memfd:");
    open.set(`${file.dev}:${file.ino}`, { bytes: file.blocks * 512, isOnDisk });
  }
}

/** @param ids the innermost first */
async function filesInMemory(ids: readonly number[], inMemory: readonly string[]): Promise<number> {
  const own = await stat("/");
  for (const id of ids) {
    const its = await stat(`/proc/${id}/root/`).catch(() => null);
    // Until bubblewrap has built the sandbox, its process sees the machine's own directories.
    if (its === null || its.dev === own.dev) continue;
    const sizes = inMemory.map(async (directory) => {
      const system = await statfs(`/proc/${id}/root${directory}`).catch(() => null);
      return system === null ? 0 : (system.blocks - system.bfree) * system.bsize;
    });
    return sum(await Promise.all(sizes));
  }
  return 0;
}

/**
 * The bytes on disk of all in these directories; infinite when something of it can't be measured: one that's closed to the
 * bot, or that's deeper than paths can be long.
 *
 * @param signal ends the measuring
 * @throws when the bot itself can't open more
 */
export async function usageOfDirectories(
  directories: readonly string[],
  signal?: AbortSignal,
): Promise<number> {
  // Names are bytes, of any encoding: here, each byte is a character.
  const left = directories.map((directory) => Buffer.from(directory).toString("latin1"));
  let bytes = 0;
  let entries = 0;
  try {
    for (const directory of left) {
      for await (const entry of entriesOf(directory)) {
        entries += 1;
        if (entries > MAX_ENTRIES) return Infinity;
        if (signal?.aborted === true) return bytes;
        const path = `${directory}/${entry.name}`;
        if (entry.isDirectory()) left.push(path);
        bytes += await lstat(Buffer.from(path, "latin1")).then(
          ({ blocks }) => blocks * 512,
          ifGone,
        );
      }
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && OWN_TROUBLE.has(error.code)) throw error;
    return Infinity;
  }
  return bytes;
}

async function* entriesOf(directory: string) {
  const path = Buffer.from(directory, "latin1");
  const opened = await opendir(path, { encoding: "latin1", bufferSize: 256 }).catch(ifGone);
  if (opened !== 0) yield* opened;
}

/** What's removed in the meantime counts nothing. */
function ifGone(error: NodeJS.ErrnoException): 0 {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return 0;
  throw error;
}

/**
 * The bytes that are free for everybody where a directory is; 0 as well when it can take no more files. Without the
 * directory there's no limit: its sandbox has ended.
 */
export async function freeBytes(directory: string): Promise<number> {
  const system = await statfs(directory).catch(() => null);
  if (system === null) return Infinity;
  const { bavail, bsize, files, ffree } = system;
  return files > 0 && ffree < FREE_INODES ? 0 : bavail * bsize;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
