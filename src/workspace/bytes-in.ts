import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The bytes on disk of a directory and all in it, as the system's `du` counts them. What vanishes meanwhile doesn't matter. */
export async function bytesIn(directory: string): Promise<number> {
  const run = promisify(execFile)("du", ["-sk", "--", directory]);
  const { stdout } = await run.catch((error: unknown) => ({ stdout: "", ...Object(error) }));
  return (Number.parseInt(String(stdout), 10) || 0) * 1024;
}
