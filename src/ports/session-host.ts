import type { HostingTerms } from "../core/task/hosting.ts";
import type { Failure } from "../core/task/failure.ts";
import type { TaskBranch } from "../core/workspace/names.ts";
import type { CloudSession, SessionRequest } from "./copilot.ts";
import type { HostedControls } from "./hosted-controls.ts";
import type { PushOutcome } from "./workspaces.ts";

/** A session that is to run on a machine of the administrator's. Nothing of it is secret. */
export interface HostedRequest extends Pick<
  SessionRequest,
  "owner" | "repository" | "model" | "reasoningEffort" | "sessionLimits"
> {
  readonly taskId: string;
  /** The id that the session gets, a UUID, chosen by the caller: a second request with it never makes a second session. */
  readonly sessionId: string;
  /** GitHub's ids of the owner and the repository. */
  readonly ids: { readonly owner: number; readonly repository: number };
  /** What is checked out. */
  readonly commit: string;
  /** The branch that the agent works on, and the only one that's pushed to. */
  readonly branch: TaskBranch;
  readonly terms: HostingTerms;
}

/** A submodule that is checked out for a session. */
export interface HostedSubmodule extends Pick<HostedRequest, "owner" | "repository"> {
  /** Below the top of the workspace; parents come before what's in them. */
  readonly path: string;
  readonly repositoryId: number;
  readonly commit: string;
  /** Fetches this one repository. */
  readonly token: string;
}

/** What a session is opened with beside its request. All of it ends by itself, and none of it enters the sandbox. */
export interface HostedTokens {
  /** Its owner's Copilot. */
  readonly copilot: Pick<SessionRequest, "token" | "userId" | "usableUntil">;
  /** Fetches this one repository; null where nothing is to be fetched. */
  readonly repository: string | null;
  readonly submodules: readonly HostedSubmodule[];
}

/** A session on a machine of the administrator's. */
export interface HostedSession extends CloudSession {
  readonly hosted: HostedControls;
}

/** What came of asking for one. Nothing is charged before its prompt. */
export type HostedOpening =
  | { readonly type: "started"; readonly session: HostedSession }
  | {
      readonly type: "failed";
      readonly failure: Failure;
      /** Its machine has gone with it. */
      readonly isMachineGone?: true;
    }
  /** The caller has taken its request back before a machine had begun with it. */
  | { readonly type: "withdrawn" };

/** A session that was asked for, looked up again. */
export type HostedAttachment =
  | { readonly type: "session"; readonly session: HostedSession }
  /** Its machine doesn't answer, and has the session as far as anybody knows. */
  | { readonly type: "away"; readonly machine: string }
  /** It ended for good, and why. What its agent has committed is still on its machine: see `push`. */
  | { readonly type: "ended"; readonly failure: Failure }
  /** No machine has it, nor will have: another one may be opened for its task, with another id. */
  | { readonly type: "gone" };

/** Runs sessions on machines of the administrator's: this one, or those of workers. A rejection is a defect. */
export interface SessionHost {
  /**
   * Waits until a machine has room for it, for as long as that takes.
   *
   * @param tokens asked for once a machine has taken it: they'd end while it waits. What it rejects with, this does
   * @param withdrawn aborted when nobody wants it anymore
   * @param onTaken a machine begins with it
   * @param onWaiting it waits, and whether a machine is there that could run it
   */
  open(
    request: HostedRequest,
    tokens: () => Promise<HostedTokens>,
    waiting: {
      readonly withdrawn: AbortSignal;
      readonly onTaken: (machine: string) => void;
      readonly onWaiting?: (isServed: boolean) => void;
    },
  ): Promise<HostedOpening>;
  /** A session that was opened, by this process or another one; its runtime is started again if it has ended. */
  attach(request: HostedRequest, tokens: HostedTokens): Promise<HostedAttachment>;
  /**
   * Pushes what the agent of a session has committed that has ended for good; otherwise as `HostedControls.push`.
   *
   * @throws when its machine doesn't answer, or doesn't have it, as well
   */
  push(request: HostedRequest, token: string): Promise<PushOutcome>;
  /** Ends a session if it's there, and removes its files. Repeating it is harmless. */
  remove(request: Pick<HostedRequest, "taskId" | "sessionId">): Promise<void>;
}
