import { execFile } from "node:child_process";
import { chmod, chown, mkdir, stat } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { promisify } from "node:util";
import type { SandboxUser } from "../core/isolation/bubblewrap.ts";
import { asUser } from "../core/isolation/bubblewrap.ts";
import type { IsolationTrouble } from "../core/isolation/unavailable.ts";
import { IsolationUnavailable, isolationTrouble } from "../core/isolation/unavailable.ts";
import type { DirectoryOwner } from "../ports/isolation.ts";

/**
 * Makes a directory for sandboxes: see `Isolation.makeDirectory`. For another account than the bot's, all from the root on
 * can be entered by its group; otherwise, only by the bot's own. Nobody else gets in, whichever paths they know.
 */
export async function makeDirectoryFor(
  user: SandboxUser | null,
  { root, directory, owner }: { root: string; directory: string; owner: DirectoryOwner },
): Promise<void> {
  const [top, path] = [resolve(root), resolve(directory)];
  const below = relative(top, path);
  if (below.startsWith("..")) throw new Error(`${path} isn't in ${top}`);
  const mode = user === null ? 0o700 : 0o710;
  // What's above the root, if it isn't there yet.
  let current = (await mkdir(top, { recursive: true, mode })) ?? top;
  for (const name of ["", ...relative(current, path).split(sep).filter(Boolean)]) {
    current = join(current, name);
    await mkdir(current, { recursive: true, mode });
    if (current === path && owner === "sandboxes") continue;
    // -1: whose it is stays.
    if (user !== null) await chown(current, -1, user.gid);
    await chmod(current, mode);
  }
  if (user === null) return;
  if (owner === "sandboxes") {
    await chmod(path, 0o700);
    await chown(path, user.uid, user.gid);
  }
  const trouble = await troubleOnTheWay(user, path);
  if (trouble !== null) throw new IsolationUnavailable(trouble);
}

async function canEnter(user: SandboxUser, path: string): Promise<boolean> {
  const [program, ...args] = [...asUser(user), "test", "-x", path];
  return promisify(execFile)(program, args).then(
    () => true,
    () => false,
  );
}

/** The first directory that an account can't enter on the way to one that exists; null when it gets there. */
export async function troubleOnTheWay(
  user: SandboxUser,
  path: string,
): Promise<IsolationTrouble | null> {
  if (await canEnter(user, path)) return null;
  let closed = path;
  while (closed !== dirname(closed) && !(await canEnter(user, dirname(closed)))) {
    closed = dirname(closed);
  }
  const mode = ((await stat(closed)).mode & 0o777).toString(8);
  const found = `User ${user.uid} can't enter ${closed} (mode ${mode}), which sandboxes need.`;
  return isolationTrouble("isolation_directory", found);
}
