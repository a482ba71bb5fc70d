import type { Logger } from "pino";
import type { Environment } from "../config/environment.ts";
import type { GitHubConnection } from "../github/connection.ts";
import type { Connections } from "../ports/connections.ts";
import type { Machines } from "../ports/machines.ts";
import type { Measure } from "../ports/metrics.ts";
import type { Queue } from "../ports/queue.ts";
import type { SessionHost } from "../ports/session-host.ts";
import type { Timeouts } from "../ports/timeouts.ts";
import type { WebSessions } from "../ports/web-sessions.ts";
import type { Credentials } from "./credentials.ts";
import type { Backend } from "./backend.ts";
import type { Storage } from "./storage.ts";
import type { BotTracing } from "./tracing.ts";

/** What a bot is started with. */
export interface AppOptions {
  readonly environment: Environment;
  /** Of these the Copilot runtime gets what is on its allow-list. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  /** None, unless given. */
  readonly tracing?: BotTracing;
  /** Where they differ from those of `timeoutsFrom`. */
  readonly timeouts?: Partial<Timeouts>;
  /** False only against a loopback GitHub, where GitHub's pacing rules do not hold. */
  readonly throttled?: boolean;
}

/** The parts of a running bot that others are wired to. */
export interface AppParts {
  readonly options: AppOptions;
  readonly timeouts: Timeouts;
  readonly storage: Storage;
  readonly github: GitHubConnection;
  readonly backend: Backend;
  /** Runs sessions on machines of the administrator's; null where that's off. */
  readonly host: SessionHost | null;
  /** These machines, and what they have to do. */
  readonly machines: Machines;
  /** Null where people can't connect their Copilot. */
  readonly connections: Connections | null;
  readonly webSessions: WebSessions | null;
  /** What GitHub says of the settings. */
  readonly credentials: Credentials;
  /** Undefined where nobody reads metrics. */
  readonly measure: Measure | undefined;
  /** Has a task processed, once the queue is there. */
  readonly processTask: Queue["process"];
  /** The same for one that was just stored: in PostgreSQL, its place in the queue was written with it. */
  readonly processNewTask: Queue["process"];
  /** Aborted when the bot begins to stop. */
  readonly stopping: AbortSignal;
}
