import type { HostingTerms } from "../policy/hosting-terms.ts";
import type { TaskBranch } from "../workspace/names.ts";
import type { PushStop } from "../workspace/push-check.ts";
import type { FailedOutcome } from "./outcome.ts";

export type { HostingTerms, Sharing } from "../policy/hosting-terms.ts";

/** What a session has used. A runtime up to 1.0.80 counts from its own start. */
export interface SessionUsage {
  /** Requests to models. */
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly linesAdded: number;
  readonly linesRemoved: number;
}

/** Whether people see a session on GitHub now, or why they don't although that was wanted. */
export type ShareState =
  | { readonly type: "shared" }
  | { readonly type: "not_shared" }
  | ({ readonly type: "refused" } & Pick<FailedOutcome, "code" | "cause" | "detail">);

/** Where an agent's commits are on GitHub. */
export interface Pushed {
  readonly type: "pushed";
  readonly branch: string;
  readonly commit: string;
  /** Null where the policy wants none, or GitHub takes no draft. */
  readonly pull: { readonly number: number; readonly url: string } | null;
}

/** What became of the agent's newest commits, and, where that's nothing, what was pushed before. */
export type Publication =
  | Pushed
  | { readonly type: "stopped"; readonly reason: PushStop; readonly before?: Pushed | null }
  /** It's tried again after a while. */
  | {
      readonly type: "failed";
      readonly detail: string;
      readonly before?: Pushed | null;
      /** Of a session that has ended, when that was tried first; ISO 8601. */
      readonly since?: string;
    };

/** What's on GitHub of an agent's commits; null for nothing. */
export function pushedOf(hosting: Pick<Hosting, "publication"> | null): Pushed | null {
  const publication = hosting?.publication ?? null;
  return publication?.type === "pushed" ? publication : (publication?.before ?? null);
}

/** A session on a machine of the administrator's, and how it is. */
export interface Hosting extends HostingTerms {
  /** `cloud_blocked`: the cloud refused, and the policy names this way out. */
  readonly why: "policy" | "cloud_blocked";
  /** The branch that the agent works on; it stays when the issue is transferred. */
  readonly branch: TaskBranch;
  /** GitHub's ids of the repository that it was created for, and of its owner. */
  readonly ids: { readonly owner: number; readonly repository: number };
  /** The machine's name; null until one has taken the session. */
  readonly machine: string | null;
  /** Whether the session waits although no machine is there that could run it. */
  readonly isUnserved: boolean;
  /** False where the administrator has turned isolation off; null until a machine has taken the session. */
  readonly isIsolated: boolean | null;
  /** Since when the machine isn't reached; ISO 8601. Null while it is. */
  readonly awaySince: string | null;
  /** Null until it's known. */
  readonly share: ShareState | null;
  readonly publication: Publication | null;
  readonly usage: SessionUsage | null;
}
