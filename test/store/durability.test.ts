import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { temporaryDirectory } from "./opened.ts";

const PROGRAM = fileURLToPath(new URL("commits.ts", import.meta.url));

/** Not every system allows tracing a process's system calls. */
const canTrace = spawnSync("strace", ["-o", "/dev/null", "true"]).status === 0;

/** How often data is flushed to the disk while tasks are written. */
function syncsOf(count: number, together = 1): number {
  const directory = temporaryDirectory();
  const [trace, file] = [join(directory, "trace"), join(directory, "tasks.db")];
  const options = ["-f", "-e", "trace=fsync,fdatasync", "-o", trace];
  const program = [process.execPath, "--disable-warning=ExperimentalWarning", PROGRAM];
  const { status } = spawnSync("strace", [
    ...options,
    ...program,
    file,
    String(count),
    String(together),
  ]);
  expect(status).toBe(0);
  return readFileSync(trace, "utf8").match(/f(?:data)?sync\(/gu)?.length ?? 0;
}

let ofOpening: number | undefined;

/** The same of a database that is only opened. */
function syncsOfOpening(): number {
  return (ofOpening ??= syncsOf(0));
}

describe.skipIf(!canTrace)("what is brought to the disk", () => {
  test("is a task with its audit at once", () => {
    const opening = syncsOfOpening();
    expect(opening).toBeGreaterThan(0);
    expect(syncsOf(20) - opening).toBe(20);
  });

  test("is all tasks at once that are requested at the same time, up to 64", () => {
    const opening = syncsOfOpening();
    expect(syncsOf(60, 20) - opening).toBe(3);
    expect(syncsOf(65, 65) - opening).toBe(2);
  });
});
