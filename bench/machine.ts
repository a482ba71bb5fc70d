import { closeSync, fdatasyncSync, openSync, readFileSync, statfsSync, writeSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { quantile } from "./measurement.ts";

/** What the figures depend on, in a few words each. */
export function describeMachine(directory: string): string[] {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `${availableParallelism()} × ${cpu?.model.trim() ?? "unknown CPU"}, ${memory} GB`,
    `load ${loadavg()[0]?.toFixed(1)} at the beginning`,
    `Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    `data on ${fileSystemOf(directory)}, ${syncMs(directory).toFixed(2)} ms a flush`,
  ];
}

const TMPFS = 0x01021994;

/** The file system that a directory is on, as /proc/mounts names it. */
function fileSystemOf(directory: string): string {
  if (statfsSync(directory).type === TMPFS)
    return "tmpfs (memory: set TMPDIR to a directory on a disk)";
  const mounts = readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" "));
  const [device = "", , type = "unknown"] =
    mounts
      .filter(([, at = "-"]) => directory === at || directory.startsWith(at.replace(/\/?$/u, "/")))
      .sort(([, one = ""], [, other = ""]) => other.length - one.length)[0] ?? [];
  return `${type} (${device})`;
}

const FLUSHES = 200;

/** What it takes to have one page on the disk: the least that a durable commit can take. */
function syncMs(directory: string): number {
  const file = openSync(join(directory, "flush"), "w");
  const page = Buffer.alloc(4_096, 1);
  const tookMs = Array.from({ length: FLUSHES }, () => {
    const began = performance.now();
    writeSync(file, page);
    fdatasyncSync(file);
    return performance.now() - began;
  });
  closeSync(file);
  return quantile(
    tookMs.sort((one, other) => one - other),
    0.5,
  );
}
