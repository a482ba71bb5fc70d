import { setTimeout as delay } from "node:timers/promises";
import type { LimitName, SandboxLimits } from "../core/isolation/limits.ts";
import { limitExceeded } from "../core/isolation/limits.ts";
import type { Cgroup } from "./cgroups.ts";
import { kill, startOf } from "./processes.ts";
import { freeBytes, usageOfDirectories, usageOfProcesses } from "./usage.ts";

/** Milliseconds between two measurements; and what these take themselves is at most a tenth of the time. */
const INTERVAL = 1000;
const REST = 9;

/** How often processes are looked for that were started while others were ended. */
const MAX_ROUNDS = 50;

/** What's watched. */
export interface WatchedSandbox {
  readonly limits: SandboxLimits;
  /** Where it writes to the disk. */
  readonly directories: readonly string[];
  /** Its directories that are file systems in memory. */
  readonly inMemory: readonly string[];
  /** Keeps limits, and ends everything at once; null where there's none. */
  readonly cgroup: Cgroup | null;
  /** The ids of all its processes, parents first, found by that of the first; null when that one has ended. */
  processesOf(first: number | null): Promise<readonly number[]>;
}

/** Measures what a sandbox uses, and ends it when it exceeds a limit. */
export class Watch {
  readonly #watched: WatchedSandbox;
  readonly #stopping = new AbortController();
  #begin = 0;
  #first: { readonly id: number; readonly start: Promise<string | null> } | null = null;
  #exceeded: Promise<LimitName | null> = Promise.resolve(null);

  constructor(watched: WatchedSandbox) {
    this.#watched = watched;
  }

  start(processId: number): void {
    this.#begin = performance.now();
    this.#first = { id: processId, start: startOf(processId) };
    this.#exceeded = this.#untilExceeded();
  }

  /** Ends what's left; returns the limit for which it was ended, or null. */
  async close(): Promise<LimitName | null> {
    this.#stopping.abort();
    const measured = await this.#exceeded;
    const { cgroup } = this.#watched;
    const exceeded = measured ?? ((await cgroup?.ranOutOfMemory()) ? "memory" : null);
    await this.#end();
    return exceeded;
  }

  async #measure(): Promise<LimitName | null> {
    const { limits, directories, inMemory, cgroup } = this.#watched;
    const hasMemory = cgroup?.controllers.has("memory") !== true;
    const { memory, nameless } = await usageOfProcesses(
      await this.#processes(),
      inMemory,
      hasMemory,
    );
    const disk = nameless + (await usageOfDirectories(directories));
    const free = Math.min(...(await Promise.all(directories.map(freeBytes))));
    const time = performance.now() - this.#begin;
    return limitExceeded({ memory, disk, freeDisk: free, time }, limits);
  }

  async #untilExceeded(): Promise<LimitName | null> {
    const { signal } = this.#stopping;
    for (;;) {
      const begin = performance.now();
      const exceeded = await this.#measure();
      if (signal.aborted) return null;
      if (exceeded !== null) return (await this.#end()) ? exceeded : null;
      const now = performance.now();
      const rest = Math.max(INTERVAL, (now - begin) * REST);
      const left = Math.max(this.#watched.limits.time - (now - this.#begin) + 1, 1);
      await delay(Math.min(rest, left), undefined, { signal }).catch(() => {});
    }
  }

  /** An id may be another process' by now. */
  async #processes(): Promise<readonly number[]> {
    if (this.#first === null) return this.#watched.processesOf(null);
    const { id, start } = this.#first;
    const began = await start;
    const isThere = began !== null && began === (await startOf(id));
    return this.#watched.processesOf(isThere ? id : null);
  }

  /** False when there was nothing left to end. */
  async #end(): Promise<boolean> {
    let isEnded = (await this.#watched.cgroup?.kill()) === true;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      // Bubblewrap's death ends the sandbox's first process, and that one's all others; but not yet while it starts.
      const ended = (await this.#processes()).map(kill);
      if (!ended.includes(true)) break;
      isEnded = true;
      await delay(10);
    }
    return isEnded;
  }
}
