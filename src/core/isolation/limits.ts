/** What one sandbox may use. */
export interface SandboxLimits {
  /** Bytes of memory of all its processes together. Each of its three directories in memory holds a quarter of it. */
  readonly memory: number;
  /** Processes and threads. */
  readonly processes: number;
  /** Bytes of its workspace and its state together. */
  readonly disk: number;
  /** Bytes that stay free on the disk that it writes to. */
  readonly freeDisk: number;
  /** Milliseconds from its start. */
  readonly time: number;
}

/** The limits of which one can end a sandbox. */
export type LimitName = "memory" | "disk" | "free_disk" | "time";

/** What a sandbox uses at one moment, in the units of its limits. */
export interface SandboxUsage {
  readonly memory: number;
  readonly disk: number;
  readonly freeDisk: number;
  readonly time: number;
}

/** The limit that a sandbox is over; null when it's within all of them. */
export function limitExceeded(usage: SandboxUsage, limits: SandboxLimits): LimitName | null {
  if (usage.time > limits.time) return "time";
  if (usage.memory > limits.memory) return "memory";
  if (usage.disk > limits.disk) return "disk";
  return usage.freeDisk < limits.freeDisk ? "free_disk" : null;
}

/** Thrown where something isn't done, because it would take more than a limit allows. */
export class LimitExceeded extends Error {
  override readonly name = "LimitExceeded";
  readonly limit: LimitName;

  constructor(limit: LimitName, message: string) {
    super(message);
    this.limit = limit;
  }
}

/** What the kernel keeps for a sandbox through its cgroup. */
export type CgroupController = "memory" | "pids" | "cpu";

/** How the limits of sandboxes are kept on a machine. */
export interface LimitKeeping {
  /** Whether each user namespace counts its own processes. */
  readonly isIsolated: boolean;
  readonly controllers: ReadonlySet<CgroupController>;
  /** How many processors one sandbox can keep busy. */
  readonly processors: number;
}

/** How each limit is kept; for administrators. */
export function limitsInForce({
  isIsolated,
  controllers,
  processors,
}: LimitKeeping): Readonly<Record<string, string>> {
  const processes = [
    ...(controllers.has("pids") ? ["cgroup (pids.max)"] : []),
    ...(isIsolated ? ["RLIMIT_NPROC"] : []),
  ];
  return {
    memory: controllers.has("memory")
      ? "cgroup (memory.max, no swap); the kernel ends the session above it"
      : "measured every second; the session is ended above it",
    processes:
      processes.length === 0
        ? "not limited"
        : `${processes.join(" and ")}, for processes and threads of the session together`,
    disk: "measured every second; the session is ended above it. RLIMIT_FSIZE for a single file",
    time: "measured; the session is ended after it",
    cpu: controllers.has("cpu")
      ? `cgroup (cpu.max): ${processors} ${processors === 1 ? "processor" : "processors"}; lowered priority (nice 10)`
      : "lowered priority (nice 10) only",
  };
}

/** How many processors one of several sandboxes gets, so that all together keep none waiting; at least one. */
export function processorsForEach(processors: number, sandboxes: number): number {
  return Math.max(1, Math.floor(processors / sandboxes));
}
