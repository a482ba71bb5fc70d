import type { Failure } from "../core/task/failure.ts";
import type { SessionUsage, Sharing } from "../core/task/hosting.ts";
import type { CloudSession, Copilot, SessionRequest } from "./copilot.ts";
import type { Share } from "./hosted-controls.ts";
import type { SandboxCommand } from "./isolation.ts";

/** Where a session's runtime runs, and on what. */
export interface LocalPlace {
  /** The clone that the agent works in: an absolute path, as the runtime sees it. */
  readonly workspace: string;
  /** Where the runtime keeps the session, also for a runtime that comes after it; an absolute path. */
  readonly state: string;
  /**
   * The program that is run in place of the bot's own runtime, with what comes before the runtime's own arguments:
   * `/usr/bin/bwrap`, `["--unshare-all", …, "node", "…/index.js"]`. An absolute path; what ends with `.js` is run with Node.
   */
  readonly command: SandboxCommand;
  /** The environment of the process. Whatever the bot has in its own isn't passed on. */
  readonly variables: Readonly<Record<string, string>>;
  /** What the runtime has instead of the owner's token, where something outside replaces it; null where nothing does. */
  readonly placeholder: string | null;
}

/** Which local session is wanted. */
export interface LocalRequest extends SessionRequest {
  readonly place: LocalPlace;
  readonly sharing: Sharing;
  /** GitHub's ids of the owner and the repository. */
  readonly ids: { readonly owner: number; readonly repository: number };
  /** The id that the session gets, a UUID: known before it's opened, so it can be found again after a crash. */
  readonly sessionId: string;
  /** Resolves when the workspace has its files; a runtime starts meanwhile. What it rejects with, opening does. */
  readonly checkedOut?: Promise<unknown>;
}

/** A session whose agent runs here. It's followed, asked, and answered as a cloud session is. */
export interface LocalSession extends CloudSession {
  /** Of its runtime, or what that runs in; null where it isn't known. For whoever watches what it takes. */
  readonly processId: number | null;
  /** What came of sharing it at its start; null where that wasn't wanted. */
  readonly shared: Share | null;
  /**
   * Whether its agent was at work when its last runtime ended, as far as the runtime had written down what happened:
   * of the last moments it has nothing. It goes on when it gets a message.
   */
  readonly wasInterrupted: boolean;
  /** Whether its agent has a prompt: one that came just before its last runtime ended may be lost. */
  readonly hasPrompt: boolean;
  /** Lets its owner see and steer it on GitHub, from now on. */
  share(): Promise<Share>;
  /** Stops that. False when the runtime doesn't confirm it. */
  unshare(): Promise<boolean>;
  /** Null when the runtime doesn't say. */
  usage(): Promise<SessionUsage | null>;
  /** Ends the runtime, and with it what the agent does. The session can be attached to again. */
  detach(): Promise<void>;
}

/** What came of asking for a local session. Nothing is charged before its prompt. */
export type LocalOpening =
  | { readonly type: "started"; readonly session: LocalSession }
  | { readonly type: "failed"; readonly failure: Failure };

/** Opens local sessions, each with a runtime process of its own. A rejection is a defect. */
export interface LocalCopilot extends Pick<Copilot, "backend"> {
  open(request: LocalRequest): Promise<LocalOpening>;
  /**
   * A session whose runtime has ended, with a new one; null when there's none in the place's state. A tool that was
   * running isn't repeated, a request that waited is asked no more. Rejects when the runtime doesn't start.
   */
  attach(request: LocalRequest): Promise<LocalSession | null>;
  /** Starts a runtime in a place and ends it, for what it leaves there. Rejects when it doesn't start. */
  rehearse(place: LocalPlace): Promise<void>;
}
