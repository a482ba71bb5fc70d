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

/** How each limit is kept; for administrators. */
export const LIMITS_IN_FORCE = {
  memory: "measured every second; the session is ended above it",
  processes: "RLIMIT_NPROC, for processes and threads of the session together",
  disk: "measured every second; the session is ended above it. RLIMIT_FSIZE for a single file",
  time: "measured; the session is ended after it",
  cpu: "lowered priority (nice 10) only",
} as const;
