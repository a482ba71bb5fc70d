import { join } from "node:path";
import { BubblewrapIsolation } from "../../src/isolation/bubblewrap.ts";
import { NoIsolation } from "../../src/isolation/none.ts";
import type { IsolationOptions } from "../../src/isolation/options.ts";

/** Whether the tests run as root, as a bot in a container may. */
export const isRoot = process.getuid?.() === 0;

/** An account that nothing else has, for sandboxes where the tests are root's. */
export const USER = isRoot ? { uid: 61_234, gid: 61_234 } : null;

/** Isolation in a directory of its own, where nothing is delegated. */
export function bubblewrap(
  directory: string,
  changes: Partial<IsolationOptions> = {},
): BubblewrapIsolation {
  return new BubblewrapIsolation(optionsFor(join(directory, "isolation"), changes));
}

/** None, with the same options. */
export function none(directory: string, changes: Partial<IsolationOptions> = {}): NoIsolation {
  return new NoIsolation(optionsFor(join(directory, "isolation"), changes));
}

function optionsFor(directory: string, changes: Partial<IsolationOptions>): IsolationOptions {
  return { directory, user: USER, cgroups: null, processors: 1, ...changes };
}
