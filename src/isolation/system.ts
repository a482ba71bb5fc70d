import { chmodSync, lstatSync, mkdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SystemFiles } from "../core/isolation/bubblewrap.ts";
import { OWN_ETC, SHARED_ETC, SYSTEM_DIRECTORIES } from "../core/isolation/bubblewrap.ts";

/** Finds what sandboxes are built from, and writes what's their own into a directory that everybody may enter. */
export function findSystem(directory: string): SystemFiles {
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o711);
  for (const [name, text] of Object.entries(OWN_ETC)) {
    writeFileSync(join(directory, name), text);
    chmodSync(join(directory, name), 0o644);
  }
  const there = SYSTEM_DIRECTORIES.flatMap((path) => {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry === undefined) return [];
    return [[path, entry.isSymbolicLink() ? readlinkSync(path) : null] as const];
  });
  const sharedEtc = SHARED_ETC.filter(
    (path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined,
  );
  return { directories: new Map(there), sharedEtc, ownEtc: directory };
}
