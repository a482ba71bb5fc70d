import { setTimeout as delay } from "node:timers/promises";
import type { LimitName } from "../core/isolation/limits.ts";
import { limitExceeded } from "../core/isolation/limits.ts";
import type { Isolation, SandboxProgram } from "../ports/isolation.ts";
import { freeBytes, usageOfDirectories, usageOfProcesses, withChildren } from "./usage.ts";

/** Milliseconds between two measurements; and what these take themselves is at most a tenth of the time. */
const INTERVAL = 1000;
const REST = 9;

/** Measures what a sandbox uses, and ends it when it exceeds a limit: see `Isolation.watch`. */
export function watchSandbox(
  processId: number,
  { limits, workspace, state }: SandboxProgram,
): ReturnType<Isolation["watch"]> {
  const stopping = new AbortController();
  const start = performance.now();
  const directories = state === null ? [workspace] : [workspace, state];

  async function measure(): Promise<LimitName | null> {
    const { memory, nameless } = await usageOfProcesses(processId);
    const disk = nameless + (await usageOfDirectories(directories));
    const free = Math.min(...(await Promise.all(directories.map(freeBytes))));
    return limitExceeded({ memory, disk, freeDisk: free, time: performance.now() - start }, limits);
  }

  async function untilExceeded(): Promise<LimitName | null> {
    for (;;) {
      const begin = performance.now();
      const exceeded = await measure();
      if (stopping.signal.aborted) return null;
      if (exceeded !== null) return (await end(processId)) ? exceeded : null;
      const now = performance.now();
      const rest = Math.max(INTERVAL, (now - begin) * REST);
      const left = Math.max(limits.time - (now - start) + 1, 1);
      await delay(Math.min(rest, left), undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  return {
    exceeded: untilExceeded(),
    stop: () => {
      stopping.abort();
    },
  };
}

/**
 * Bubblewrap's death ends the sandbox's first process, and that one's all others; but not yet while it starts. False when
 * it's gone already.
 */
async function end(processId: number): Promise<boolean> {
  const ids = await withChildren(processId);
  const ended = ids.map((id) => {
    try {
      return process.kill(id, "SIGKILL");
    } catch {
      return false;
    }
  });
  return ended[0] === true;
}
