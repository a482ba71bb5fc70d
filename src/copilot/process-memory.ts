import { readFileSync } from "node:fs";

/** The memory of a process in MiB, as Linux counts it (its resident set); null elsewhere, and when it's gone. */
export function memoryOf(processId: number | null): number | null {
  if (processId === null) return null;
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/mu.exec(
      readFileSync(`/proc/${processId}/status`, "utf8"),
    )?.[1];
    return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
  } catch {
    return null;
  }
}
