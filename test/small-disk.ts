import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryDirectory } from "./store/opened.ts";

/** Mounts a disk of 2 MB until the test ends; its directory, or null where none can be mounted. */
export function mountSmallDisk(): string | null {
  const directory = temporaryDirectory();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", directory], {
      stdio: "ignore",
    });
  } catch {
    return null;
  }
  onTestFinished(() => void execFileSync("umount", ["--lazy", directory]));
  return directory;
}

/** Fills what is left of a small disk; what it gives makes room again. */
export function fill(directory: string): () => void {
  const file = join(directory, "filler");
  for (const size of [1_048_576, 65_536, 4_096]) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(size), { flag: "a" });
    } catch {
      // Full, as far as pieces of this size go.
    }
  }
  return () => rmSync(file);
}
