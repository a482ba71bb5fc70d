import { spawn } from "node:child_process";

/** Cleans up after the demo where that can't do it itself, because it was killed. */
export interface Guard {
  /** From now on, this process is to end with the demo; null when it has ended. */
  readonly watch: (pid: number | null) => void;
  /** Nothing is left to clean up. */
  readonly dismiss: () => void;
}

/** The input ends with whoever writes to it, whatever ended that. What is left has nothing to wait for: it gets 5 seconds. */
const CLEAN_UP = `
pid=
while read -r line; do pid=$line; done
if [ -n "$pid" ]; then
  kill -TERM "$pid"
  tries=50
  while kill -0 "$pid" && [ "$tries" -gt 0 ]; do sleep 0.1; tries=$((tries - 1)); done
  kill -KILL "$pid"
fi 2>/dev/null
rm -rf "$1"`;

/** @param directory to be removed; it needn't be there yet */
export function startGuard(directory: string): Guard {
  // In a process group of its own: what a terminal sends to the demo isn't for it.
  const child = spawn("sh", ["-c", CLEAN_UP, "guard", directory], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.unref();
  return {
    watch: (pid) => child.stdin.write(`${pid ?? ""}\n`),
    dismiss: () => child.stdin.end("\n"),
  };
}
