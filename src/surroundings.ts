import type { Logger } from "pino";
import type { Environment } from "./config/environment.ts";
import type { Runtime } from "./copilot/runtime.ts";
import type { GitHubConnection } from "./github/connection.ts";
import type { Storage } from "./storage.ts";

/** How long the parts wait for what may come late, in milliseconds. */
export interface Waits {
  /** For the session to tell its link, before the documented one is posted. */
  readonly linkGraceMs: number;
  /** For the session to tell its link after the documented one was posted. */
  readonly linkWatchMs: number;
  /** Before a task is looked at again that somebody else moves, or whose repository is busy. */
  readonly busyMs: number;
  /** Between two renewals of a claim. */
  readonly renewMs: number;
  /** Before the thread is tried again, when GitHub is away. */
  readonly reportAgainMs: number;
  /** Before the bot tries again by itself for the first time; later it waits longer. */
  readonly firstRetryMs: number;
  /** For a prompt to be seen to have arrived: longer than the runtime goes on repeating it (155 s). */
  readonly deliveryMs: number;
  /** For the prompt to arrive, before the comment says that it is not there yet. */
  readonly promptNoticeMs: number;
  /** For an agent to start after all, from the creation of the session on. */
  readonly lateStartMs: number;
  /** Between two looks for webhooks that GitHub could not deliver. */
  readonly recoverEveryMs: number;
  /** Between two requests for a delivery: GitHub wants a second between writes. */
  readonly recoverPauseMs: number;
  /** Between two edits of one comment while its session is followed. */
  readonly editEveryMs: number;
  /** Between two looks for what people have told sessions through another replica. */
  readonly ordersEveryMs: number;
  /** For following sessions, where it is not `FOLLOW_MINUTES`. */
  readonly followMs?: number;
  /** For idle sessions, where it is not `IDLE_MINUTES`. */
  readonly idleMs?: number;
  /** Before a task that nobody moves is looked at again, whatever became of its place in the queue. */
  readonly forgottenMs: number;
  /** For running steps, when the bot is stopped. */
  readonly shutdownMs: number;
}

/** How long they wait, where nothing else is said. */
export const WAITS: Waits = {
  linkGraceMs: 5_000,
  linkWatchMs: 600_000,
  busyMs: 1_000,
  renewMs: 3_000,
  reportAgainMs: 30_000,
  firstRetryMs: 5_000,
  deliveryMs: 170_000,
  promptNoticeMs: 20_000,
  lateStartMs: 180_000,
  recoverEveryMs: 300_000,
  recoverPauseMs: 1_000,
  editEveryMs: 15_000,
  ordersEveryMs: 5_000,
  forgottenMs: 60_000,
  shutdownMs: 20_000,
};

/** What a bot is started with. */
export interface Surroundings {
  readonly environment: Environment;
  /** Of these the Copilot runtime gets what is on its allow-list. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly waits?: Partial<Waits>;
  /** False only against a loopback GitHub, where GitHub's pacing rules do not hold. */
  readonly throttled?: boolean;
}

/** What a bot consists of, besides who listens and who moves tasks. */
export interface Parts {
  readonly surroundings: Surroundings;
  readonly storage: Storage;
  readonly github: GitHubConnection;
  readonly runtime: Runtime;
  /** Has a task looked at, once the queue is there. */
  readonly look: (taskId: string) => void;
  /** Aborted when the bot begins to stop. */
  readonly stopping: AbortSignal;
}
