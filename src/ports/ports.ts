import type { Finding } from "../core/doctor/finding.ts";
import type { SelfHosting } from "../core/policy/self-hosting.ts";
import type { Task } from "../core/task/task.ts";
import type { Approvals } from "./approvals.ts";
import type { Copilot } from "./copilot.ts";
import type { GitHub } from "./github.ts";
import type { Identities } from "./identities.ts";
import type { Log } from "./log.ts";
import type { SessionCommands } from "./session-commands.ts";
import type { SessionHost } from "./session-host.ts";
import type { Tasks } from "./tasks.ts";
import type { Tracing } from "./tracing.ts";
import type { WaitingRequesters } from "./waiting-people.ts";

/** Everything that the runner needs from outside. */
export interface Ports {
  readonly tasks: Tasks;
  readonly approvals: Approvals;
  readonly sessionCommands: SessionCommands;
  /** Checks everything that the bot needs for a repository; creates nothing. */
  readonly doctor: (task: Task) => Promise<readonly Finding[]>;
  readonly github: GitHub;
  readonly identities: Identities;
  readonly waitingRequesters: WaitingRequesters;
  readonly copilot: Copilot;
  /** What the administrator allows of sessions on own machines; null where there are none. */
  readonly selfHosting: SelfHosting | null;
  /** Null where the administrator has no sessions run on own machines. */
  readonly sessionHost: SessionHost | null;
  readonly log: Log;
  readonly tracing: Tracing;
  /** Aborted when the bot begins to stop. */
  readonly stopping: AbortSignal;
  /** Enqueues a task again. */
  readonly processAgain: (taskId: string) => void;
  readonly now: () => Date;
  /** From 0 to 1. */
  readonly chance: () => number;
  /** 128 random bits in hexadecimal. */
  readonly nonce: () => string;
  /** SHA-256 in hexadecimal. */
  readonly digest: (text: string) => string;
}
