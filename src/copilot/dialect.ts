import type { SessionConfig } from "@github/copilot-sdk";
import type { EventLog } from "./event-log.ts";
import type { Family } from "./family.ts";
import type { Requests } from "./requests.ts";
import { createCalledRequests, createHeldRequests } from "./requests.ts";

/** How a family of runtimes is talked to, where they differ. */
export interface Dialect {
  /** For the session's configuration: whose it is. */
  readonly optionsFor: (token: string) => Partial<SessionConfig>;
  readonly createRequests: (log: EventLog) => Requests;
  /** Whether a session can be reached again by its id. */
  readonly canAttach: boolean;
  /** For how long the runtime may repeat by itself what it was given to send, in milliseconds. */
  readonly repeatsMs: number;
}

/** The dialect of each family. */
export const DIALECTS: Readonly<Record<Family, Dialect>> = {
  older: {
    optionsFor: (gitHubToken) => ({ gitHubToken }),
    createRequests: createHeldRequests,
    canAttach: true,
    // 5, 15, 35, 75 and 155 seconds after a refusal with 5xx.
    repeatsMs: 170_000,
  },
  newer: {
    // A session's own token would be ignored without a word. The SDK wants these events unless it's given false.
    optionsFor: () => ({ includeSubAgentStreamingEvents: false }),
    createRequests: createCalledRequests,
    canAttach: false,
    // It repeats nothing, but waits as long for Mission Control's answer.
    repeatsMs: 170_000,
  },
};
