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
  /** How long what the runtime was given to send may still arrive, in milliseconds. */
  readonly arrivesMs: number;
  /** Whether it's certain by then that it won't, so that it can be sent once more. */
  readonly canSendAgain: boolean;
}

/** The dialect of each family. */
export const DIALECTS: Readonly<Record<Family, Dialect>> = {
  older: {
    optionsFor: (gitHubToken) => ({ gitHubToken }),
    createRequests: createHeldRequests,
    canAttach: true,
    // The runtime repeats it 5, 15, 35, 75 and 155 seconds after a refusal with 5xx.
    arrivesMs: 170_000,
    canSendAgain: true,
  },
  newer: {
    // A session's own token would be ignored without a word. The SDK wants these events unless it's given false.
    optionsFor: () => ({ includeSubAgentStreamingEvents: false }),
    createRequests: createCalledRequests,
    canAttach: false,
    // The runtime repeats nothing, gives up after 10 seconds, and says neither that it was refused nor that nobody
    // answered: Mission Control may have it, or take it later.
    arrivesMs: 170_000,
    canSendAgain: false,
  },
};
