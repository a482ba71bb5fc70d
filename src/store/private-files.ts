import { chmodSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** What of a directory other accounts could read or write. */
export interface Tightened {
  /** Now for this account alone. */
  readonly fixed: readonly string[];
  /** Still open: another account owns them. */
  readonly open: readonly string[];
}

/** Every right of other accounts than the owner's. */
const OTHERS = 0o077;
/** The same, but for entering a directory: sandboxes with an account of their own get through to theirs. */
const OTHERS_THAN_ENTERING = 0o066;

/** Takes from other accounts what they may do in a directory of data and with the files in it. */
export function tighten(directory: string): Tightened {
  const fixed: string[] = [];
  const open: string[] = [];
  const names = readdirSync(directory).map((name) => join(directory, name));
  for (const path of [directory, ...names]) {
    try {
      const status = statSync(path);
      const { mode } = status;
      const others = status.isDirectory() ? OTHERS_THAN_ENTERING : OTHERS;
      if ((mode & others) === 0) continue;
      chmodSync(path, mode & ~OTHERS & 0o7777);
      fixed.push(path);
    } catch (error) {
      // A file of SQLite's may be gone by now.
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) open.push(path);
    }
  }
  return { fixed, open };
}
