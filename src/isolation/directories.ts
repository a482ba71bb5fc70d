import { execFile } from "node:child_process";
import { chmod, chown, mkdir, stat } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { promisify } from "node:util";
import type { SandboxUser } from "../core/isolation/bubblewrap.ts";
import { asUser } from "../core/isolation/bubblewrap.ts";
import type { IsolationTrouble } from "../core/isolation/unavailable.ts";
import { IsolationUnavailable, isolationTrouble } from "../core/isolation/unavailable.ts";
import type { DirectoryOwner } from "../ports/isolation.ts";

/** Makes directories for the sandboxes of one account. */
export class SandboxDirectories {
  readonly #user: SandboxUser | null;
  /** The roots that its processes have been seen to get to. */
  readonly #entered = new Set<string>();

  constructor(user: SandboxUser | null) {
    this.#user = user;
  }

  /**
   * Makes a directory for sandboxes: see `Isolation.makeDirectory`. For another account than the bot's, all from the root
   * on can be entered by its group; otherwise, only by the bot's own. Nobody else gets in, whichever paths they know.
   *
   * Whether they get to the root is tried once: that starts a program. What's below has its rights from here.
   */
  async make(root: string, directory: string, owner: DirectoryOwner): Promise<void> {
    const user = this.#user;
    const [top, path] = [resolve(root), resolve(directory)];
    await makeBelow(user, { top, path, owner });
    if (user === null || this.#entered.has(top)) return;
    const trouble = await troubleOnTheWay(user, path);
    if (trouble !== null) throw new IsolationUnavailable(trouble);
    this.#entered.add(top);
  }

  /** Somebody may have changed the rights: the next one is tried again. */
  forget(): void {
    this.#entered.clear();
  }
}

interface Wanted {
  readonly top: string;
  readonly path: string;
  readonly owner: DirectoryOwner;
}

async function makeBelow(user: SandboxUser | null, { top, path, owner }: Wanted): Promise<void> {
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
  if (user === null || owner === "bot") return;
  await chmod(path, 0o700);
  await chown(path, user.uid, user.gid);
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
