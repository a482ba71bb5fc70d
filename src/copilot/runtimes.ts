import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { PersonsToken, SessionUser } from "../ports/copilot.ts";
import type { Log } from "../ports/log.ts";
import type { ClientOptions } from "./client.ts";
import { createClient } from "./client.ts";
import type { Family } from "./family.ts";
import { probeFamily } from "./family.ts";
import type { Held, RuntimeLease } from "./lease.ts";
import { hold, leaseOf } from "./lease.ts";
import type { PoolLimits } from "./pool.ts";
import { createPool } from "./pool.ts";
import { memoryOf } from "./process-memory.ts";
import type { RunningRuntime } from "./process.ts";
import type { Runtime, RuntimeStatus } from "./runtime.ts";
import { createRuntime } from "./runtime.ts";

/** A runtime process, and what it takes. */
interface RuntimeProcess {
  readonly processId: number | null;
  /** Sessions that are watched through it. */
  readonly sessions: number;
  /** Null where it isn't known. */
  readonly memoryMb: number | null;
}

/** How the runtimes are doing. */
export interface RuntimesStatus extends RuntimeStatus {
  readonly processes: readonly RuntimeProcess[];
  /** Sessions that wait for a process. */
  readonly waiting: number;
}

/**
 * The runtime processes of this bot: one for all sessions if it's of the older family, or one for each user if it's of
 * the newer one.
 */
export interface Runtimes {
  /** Of which family they are; null when they can't create cloud sessions. Rejects when none starts. */
  running(): Promise<Family | null>;
  /**
   * Whether this user's session would get a place now, which then is kept for a while. If not, others have to make
   * room: ask again soon, which keeps the turn.
   *
   * @param who asks, so that whoever asks twice has one turn
   */
  hasRoom(who: string, user: SessionUser): Promise<boolean>;
  /** A place for this user's session. Rejects when the runtime doesn't start. */
  lease(user: SessionUser): Promise<RuntimeLease>;
  /** Ends the processes without sessions of whose token this is true. */
  endUnused(isOver: (token: PersonsToken) => Promise<boolean>): Promise<void>;
  status(): RuntimesStatus;
  /** From now on a process that is gone is not started again. */
  retire(): void;
  stop(): Promise<void>;
}

interface Options extends Pick<
  ClientOptions,
  "directory" | "variables" | "program" | "traceHeaders"
> {
  readonly log: Pick<Log, "info" | "warn">;
  readonly limits?: PoolLimits;
  /** How often a process is asked whether it lives. */
  readonly checkEveryMs?: number;
}

const LIMITS: PoolLimits = { maxRuntimes: 8, idleMs: 10 * 60_000 };

/** Runtimes that haven't started yet. The first to start shows which family they belong to. */
export function createRuntimes(options: Options): Runtimes {
  const { limits = LIMITS, log } = options;
  const first = createRuntime({
    create: () => createClient(options),
    probe: probeFamily,
    ...checksOf(options),
  });
  const shared = new Set<Held>();
  /** What the first one reported, once it has shown that each user needs a process. */
  let newer: RuntimeStatus | null = null;
  const pool = createPool({ ...limits, log, create: prepareUsers(options) });

  let finding: Promise<RunningRuntime | null> | null = null;

  /** The process of all users; null where each has one. */
  function find(): Promise<RunningRuntime | null> {
    // One at a time: the first process ends as soon as it has shown that it isn't needed.
    finding ??= findNow().finally(() => (finding = null));
    return finding;
  }

  async function findNow(): Promise<RunningRuntime | null> {
    if (newer !== null) return null;
    const process = await first.running();
    if (process.family !== "newer") return process;
    newer ??= first.status();
    // It has no user, so it has done what it can do.
    await first.stop();
    return null;
  }

  return {
    async running() {
      const process = await find();
      return process === null ? "newer" : process.family;
    },
    async hasRoom(who, user) {
      try {
        return (await find()) !== null || pool.hasRoom(who, user);
      } catch {
        // Whoever takes the place learns why there's no runtime.
        return true;
      }
    },
    async lease(user) {
      const process = await find();
      if (process === null) return pool.lease(user);
      const held = hold(shared, () => {});
      return leaseOf(held, process);
    },
    endUnused: (isOver) => pool.endUnused(isOver),
    status() {
      const waiting = pool.waiting();
      if (newer !== null) return { ...statusOf(newer, pool.members()), waiting };
      const status = first.status();
      const processes = status.state === "ready" ? [{ runtime: first, held: shared }] : [];
      return { ...status, processes: processes.map(processOf), waiting };
    },
    retire() {
      first.retire();
      pool.retire();
    },
    async stop() {
      if (newer !== null) newer = { ...newer, state: "stopped" };
      await Promise.all([first.stop(), pool.stop()]);
    },
  };
}

function checksOf({ log, checkEveryMs }: Options) {
  return { log, ...(checkEveryMs === undefined ? {} : { checkEveryMs }) };
}

/** Makes the runtime of one user, with a directory that is gone with it. */
function prepareUsers(options: Options): (token: string) => Runtime {
  const folder = join(options.directory, "users");
  rmSync(folder, { recursive: true, force: true });
  let count = 0;
  return (token) => {
    count += 1;
    const directory = join(folder, String(count));
    const runtime = createRuntime({
      create() {
        mkdirSync(directory, { recursive: true });
        return createClient({ ...options, directory, token });
      },
      // It must not be probed: it has a user, so it would create a session.
      probe: () => Promise.resolve("newer"),
      ...checksOf(options),
    });
    return {
      ...runtime,
      async stop() {
        await runtime.stop();
        rmSync(directory, { recursive: true, force: true });
      },
    };
  };
}

interface Used {
  readonly runtime: Pick<Runtime, "processId" | "status">;
  readonly held: ReadonlySet<Held>;
}

/** Of a bot with a process for each user: it's unavailable when none of those that should run does. */
function statusOf(known: RuntimeStatus, members: readonly Used[]) {
  const isDown = members.every(({ runtime }) => runtime.status().state === "unavailable");
  const state = members.length > 0 && isDown ? { state: "unavailable" as const } : {};
  return { ...known, ...state, processes: members.map(processOf) };
}

function processOf({ runtime, held }: Used): RuntimeProcess {
  const processId = runtime.processId();
  return { processId, sessions: held.size, memoryMb: memoryOf(processId) };
}
