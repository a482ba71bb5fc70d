import { setTimeout as delay } from "node:timers/promises";
import type { LimitName, SandboxLimits, SandboxUsage } from "../core/isolation/limits.ts";
import { limitExceeded } from "../core/isolation/limits.ts";
import type { Cgroup } from "./cgroups.ts";
import { kill, startOf } from "./processes.ts";
import { freeBytes, usageOfDirectories, usageOfProcesses } from "./usage.ts";

/** Milliseconds between two measurements. */
const INTERVAL = 1000;
/** How much longer than itself there's none after one: measuring directories takes at most a tenth of the time. */
const REST = { none: 0, processes: 1, directories: 9 };

/** So often in a row nothing is found, until nothing is left: a process that becomes another program has no environment for a moment. */
const QUIET_ROUNDS = 3;
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

/**
 * Measures what a sandbox uses, and ends it when it exceeds a limit. What's quick to measure doesn't wait for what takes
 * long: an agent can fill its directories with files.
 */
export class Watch {
  readonly #watched: WatchedSandbox;
  readonly #stopping = new AbortController();
  /** The newest of each. */
  readonly #usage = { memory: 0, nameless: 0, named: 0, freeDisk: Infinity };
  #begin = 0;
  #first: { readonly id: number; readonly start: Promise<string | null> } | null = null;
  /** The limit that was exceeded, once all has ended; null when there was nothing left to end. */
  #ending: Promise<LimitName | null> | null = null;

  constructor(watched: WatchedSandbox) {
    this.#watched = watched;
  }

  start(processId: number): void {
    const { directories, inMemory, cgroup } = this.#watched;
    const { signal } = this.#stopping;
    const hasMemory = cgroup?.controllers.has("memory") !== true;
    this.#begin = performance.now();
    this.#first = { id: processId, start: startOf(processId) };
    void this.#repeat(REST.none, async () => {
      this.#usage.freeDisk = Math.min(...(await Promise.all(directories.map(freeBytes))));
    });
    void this.#repeat(REST.processes, async () => {
      const ids = await this.#processes();
      Object.assign(this.#usage, await usageOfProcesses(ids, inMemory, hasMemory));
    });
    void this.#repeat(REST.directories, async () => {
      this.#usage.named = await usageOfDirectories(directories, signal);
    });
  }

  /** Ends what's left; returns the limit for which it was ended, or null. */
  async close(): Promise<LimitName | null> {
    this.#stopping.abort();
    const measured = await this.#ending;
    const { cgroup } = this.#watched;
    const exceeded = measured ?? ((await cgroup?.ranOutOfMemory()) ? "memory" : null);
    await this.#end();
    return exceeded;
  }

  /** Measures something again and again, until the sandbox ends. */
  async #repeat(rest: number, measure: () => Promise<void>): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const begin = performance.now();
      // What can't be measured now is measured the next time; the limit of time is kept in any case.
      await measure().catch(() => {});
      this.#compare();
      const now = performance.now();
      const left = this.#watched.limits.time - (now - this.#begin) + 1;
      const pause = Math.max(INTERVAL, (now - begin) * rest);
      const untilNext = rest === REST.none ? Math.min(pause, Math.max(left, 1)) : pause;
      await delay(untilNext, undefined, { signal }).catch(() => {});
    }
  }

  #compare(): void {
    if (this.#stopping.signal.aborted) return;
    const { memory, nameless, named, freeDisk } = this.#usage;
    const time = performance.now() - this.#begin;
    const usage: SandboxUsage = { memory, disk: nameless + named, freeDisk, time };
    const exceeded = limitExceeded(usage, this.#watched.limits);
    if (exceeded === null) return;
    this.#stopping.abort();
    this.#ending = this.#end().then((isEnded) => (isEnded ? exceeded : null));
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
    let quiet = 0;
    for (let round = 0; round < MAX_ROUNDS && quiet < QUIET_ROUNDS; round += 1) {
      // Bubblewrap's death ends the sandbox's first process, and that one's all others; but not yet while it starts.
      const ended = (await this.#processes()).map(kill);
      const isQuiet = !ended.includes(true);
      quiet = isQuiet ? quiet + 1 : 0;
      if (!isQuiet) isEnded = true;
      await delay(10);
    }
    return isEnded;
  }
}
