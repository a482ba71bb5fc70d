import type { Measured } from "../core/metrics/measured.ts";
import type { TaskState } from "../core/task/task.ts";
import type { MachinesReading } from "../core/worker/machines-reading.ts";
import type { ConnectionCount } from "../core/identity/connection.ts";

/** Counts and times what happens. Parts of a bot whose metrics nobody reads have none. */
export type Measure = (measured: Measured) => void;

/** All metrics, as text. */
export interface MetricsText {
  readonly contentType: string;
  readonly text: string;
}

/** A runtime process, as of now. */
export interface RuntimeReading {
  /** Null while it isn't known. */
  readonly processId: number | null;
  /** Sessions that are watched through it. */
  readonly sessions: number;
  /** Null where it isn't known. */
  readonly memoryBytes: number | null;
}

/** How what runs the sessions is doing now. */
export interface RuntimesReading {
  /** Whether sessions can be started. */
  readonly isReady: boolean;
  readonly processes: readonly RuntimeReading[];
  /** Sessions that wait for a process. */
  readonly waiting: number;
}

/** The sessions of this process. */
export interface SessionsReading {
  readonly all: number;
  /** Those among them that are followed. */
  readonly followed: number;
}

/** What the server of webhooks and pages has open. */
export interface ServerReading {
  /** Without those of event streams. */
  readonly connections: number;
  /** Requests for pages that are being answered. */
  readonly pages: number;
  readonly streams: number;
}

/** How this process is doing now. It's read without waiting for anything. */
export interface ProcessReading {
  readonly sessions: SessionsReading;
  readonly maxFollowed: number;
  readonly runtimes: RuntimesReading;
  readonly server: ServerReading;
}

/** How the tasks in the database are doing, all replicas' together. */
export interface TasksReading {
  /** Tasks that the bot still has to do with, by state. */
  readonly unsettled: readonly { readonly state: TaskState; readonly count: number }[];
  /** How long the first of the tasks that could be processed now has waited for it; 0 where none waits. */
  readonly oldestQueuedSeconds: number;
  /** Tasks that wait because GitHub refuses what they ask for, and how long the oldest of them has; 0 where none waits. */
  readonly undelivered: number;
  readonly oldestUndeliveredSeconds: number;
  readonly connections: ConnectionCount;
}

/** What the database says. */
export interface DatabaseReading extends TasksReading {
  /** Zeros where sessions run on none of the administrator's machines. */
  readonly machines: MachinesReading;
}

/** What is read when somebody asks for the metrics. */
export interface Readings {
  process(): ProcessReading;
  /** Rejects when the database does. */
  database(): Promise<DatabaseReading>;
}
