import { execFile } from "node:child_process";
import { statfs } from "node:fs/promises";
import { promisify } from "node:util";

/** The bytes on disk of a directory and all in it, as the system's `du` counts them. What vanishes meanwhile doesn't matter. */
export async function bytesIn(directory: string): Promise<number> {
  const run = promisify(execFile)("du", ["-sk", "--", directory]);
  const { stdout } = await run.catch((error: unknown) => ({ stdout: "", ...Object(error) }));
  return (Number.parseInt(String(stdout), 10) || 0) * 1024;
}

/** The bytes on the disk of a directory that are still free for the bot. */
export async function freeBytesAt(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}
