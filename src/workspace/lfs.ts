import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { SandboxLimits } from "../core/isolation/limits.ts";
import { LimitExceeded } from "../core/isolation/limits.ts";
import type { LfsPointer } from "../core/workspace/lfs.ts";
import type { WorkspaceRequest } from "../ports/workspaces.ts";
import { bytesIn, freeBytesAt } from "./bytes-in.ts";
import { downloadObjects, objectsIn } from "./lfs-objects.ts";
import { pointersAt } from "./lfs-pointers.ts";

/** Where the objects of a repository are kept. */
interface LfsPlace {
  readonly mirror: string;
  /** In the mirror, each object named by its id. */
  readonly directory: string;
  readonly limits: Pick<SandboxLimits, "disk" | "freeDisk">;
}

/**
 * Fetches the objects of Git LFS that a commit has pointers to, unless they're there.
 *
 * @returns those that GitHub doesn't have; null when the mirror would become larger than it may be
 * @throws LimitExceeded when they're too large together, or the disk has no room
 */
export async function fetchLfs(
  { mirror, directory, limits }: LfsPlace,
  { commit, access }: Pick<WorkspaceRequest, "commit" | "access">,
): Promise<readonly LfsPointer[] | null> {
  const pointers = await pointersAt(mirror, commit);
  if (pointers === null) throw new Error("Looking for files in Git LFS takes too much");
  const objects = new Map([...pointers.values()].map((pointer) => [pointer.oid, pointer]));
  if (bytesOf([...objects.values()]) > limits.disk) {
    const megabytes = Math.floor(limits.disk / 2 ** 20);
    const problem = `The files in Git LFS are larger than ${megabytes} MB (SELF_HOSTED_DISK_MB)`;
    throw new LimitExceeded("disk", problem);
  }
  const there = await objectsIn(directory);
  const wanted = [...objects.values()].filter(({ oid }) => !there.has(oid));
  if (wanted.length === 0) return [];
  const bytes = bytesOf(wanted);
  if ((await bytesIn(mirror)) + bytes > limits.disk) return null;
  if ((await freeBytesAt(mirror)) - bytes < limits.freeDisk)
    throw new LimitExceeded("free_disk", "The disk has no room for the files in Git LFS");
  return downloadObjects(directory, access, wanted);
}

function bytesOf(objects: readonly LfsPointer[]): number {
  return objects.reduce((sum, { size }) => sum + size, 0);
}

/** Removes the objects that a commit has no pointers to. */
export async function pruneLfs(mirror: string, directory: string, commit: string): Promise<void> {
  const there = await objectsIn(directory);
  if (there.size === 0) return;
  const pointers = await pointersAt(mirror, commit);
  if (pointers === null) return;
  const kept = new Set([...pointers.values()].map(({ oid }) => oid));
  for (const oid of there) if (!kept.has(oid)) await rm(join(directory, oid));
}
