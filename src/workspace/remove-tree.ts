import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * Removes a directory in which an agent was. The system's programs follow no link, and get through paths of any length;
 * directories that nobody can enter are opened first.
 */
export async function removeTree(directory: string): Promise<void> {
  const run = promisify(execFile);
  await run("chmod", ["--silent", "-R", "u+rwX", "--", directory]).catch(() => null);
  await run("rm", ["-rf", "--one-file-system", "--", directory]);
}
