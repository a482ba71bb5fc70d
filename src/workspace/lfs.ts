import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { SandboxLimits } from "../core/isolation/limits.ts";
import { LimitExceeded } from "../core/isolation/limits.ts";
import type { LfsPointer } from "../core/workspace/lfs.ts";
import type { WorkspaceRequest } from "../ports/workspaces.ts";
import { bytesIn, freeBytesAt } from "./bytes-in.ts";
import { downloadObjects, objectsIn, objectsMissing } from "./lfs-objects.ts";
import { pointersAt } from "./lfs-pointers.ts";

/** Where the objects of a repository are kept. */
interface LfsPlace {
  readonly mirror: string;
  /** In the mirror, each object named by its id. */
  readonly directory: string;
  readonly limits: Pick<SandboxLimits, "disk" | "freeDisk">;
  /** The commits on which other tasks work now. */
  readonly borrowed: () => Promise<readonly string[]>;
}

/** Milliseconds between two looks at how much of the disk is free. */
const INTERVAL = 500;

/**
 * Fetches the objects of Git LFS that a commit has pointers to, unless they're there.
 *
 * @returns those that GitHub doesn't have; null when the mirror would become larger than it may be
 * @throws LimitExceeded when they're too large together, or the disk has no room
 */
export async function fetchLfs(
  place: LfsPlace,
  { commit, access }: Pick<WorkspaceRequest, "commit" | "access">,
): Promise<readonly LfsPointer[] | null> {
  const { mirror, directory, limits } = place;
  const pointers = await pointersAt(mirror, commit);
  if (pointers === null) throw new Error("Looking for files in Git LFS takes too much");
  const objects = [...new Map([...pointers.values()].map((one) => [one.oid, one])).values()];
  if (bytesOf(objects) > limits.disk) {
    const megabytes = Math.floor(limits.disk / 2 ** 20);
    const problem = `The files in Git LFS are larger than ${megabytes} MB (SELF_HOSTED_DISK_MB)`;
    throw new LimitExceeded("disk", problem);
  }
  const wanted = await objectsMissing(directory, objects);
  if (wanted.length > 0 && !(await hasRoom(place, commit, bytesOf(wanted)))) return null;
  // The workspace gets a copy of each.
  const taken = bytesOf(wanted) + bytesOf(objects);
  if ((await freeBytesAt(mirror)) - taken < limits.freeDisk) throw noRoom();
  return wanted.length === 0 ? [] : downloadWhileFree(place, access, wanted);
}

/** Whether the mirror may become larger by so much; what no task needs gives way. */
async function hasRoom(
  { mirror, directory, limits, borrowed }: LfsPlace,
  commit: string,
  bytes: number,
): Promise<boolean> {
  const fits = async () => (await bytesIn(mirror)) + bytes <= limits.disk;
  if (await fits()) return true;
  await pruneLfs(mirror, directory, [commit, ...(await borrowed())]);
  return fits();
}

async function downloadWhileFree(
  { mirror, directory, limits }: LfsPlace,
  access: WorkspaceRequest["access"],
  wanted: readonly LfsPointer[],
): Promise<readonly LfsPointer[]> {
  const ending = new AbortController();
  const measuring = setInterval(() => {
    freeBytesAt(mirror).then(
      (free) => free < limits.freeDisk && ending.abort(),
      () => {},
    );
  }, INTERVAL);
  try {
    return await downloadObjects(directory, access, wanted, ending.signal);
  } catch (error) {
    throw ending.signal.aborted ? noRoom() : error;
  } finally {
    clearInterval(measuring);
  }
}

function noRoom(): LimitExceeded {
  return new LimitExceeded("free_disk", "The disk has no room for the files in Git LFS");
}

function bytesOf(objects: readonly LfsPointer[]): number {
  return objects.reduce((sum, { size }) => sum + size, 0);
}

/** Removes the objects that none of these commits has pointers to. */
export async function pruneLfs(
  mirror: string,
  directory: string,
  commits: readonly string[],
): Promise<void> {
  const there = await objectsIn(directory);
  if (there.length === 0) return;
  const kept = new Set<string>();
  for (const commit of new Set(commits)) {
    const pointers = await pointersAt(mirror, commit);
    if (pointers === null) return;
    for (const { oid } of pointers.values()) kept.add(oid);
  }
  for (const oid of there) if (!kept.has(oid)) await rm(join(directory, oid));
}
