import { execFileSync } from "node:child_process";

/**
 * Kills the Copilot runtime that this process started last, as if the machine had run out of memory, or by another
 * signal.
 */
export function killRuntime(signal: NodeJS.Signals = "SIGKILL"): void {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  const rows = table.split("\n").map((line) => /^\s*(\d+)\s+(\d+)\s(.*)$/u.exec(line));
  const runtime = rows.findLast(
    (row) => row?.[2] === String(process.pid) && row[3]?.includes("copilot") === true,
  );
  process.kill(Number(runtime?.[1]), signal);
}
