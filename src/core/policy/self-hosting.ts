import type { SandboxUser } from "../isolation/bubblewrap.ts";
import type { SandboxLimits } from "../isolation/limits.ts";

/** What the administrator allows of sessions on their own machines, and how these run on one of them. */
export interface SelfHosting {
  /** Whose tasks may run there: `owner/name`, or `owner/*` for all of an owner's. In small letters, at least one. */
  readonly repositories: readonly string[];
  /** Of those, the ones whose tasks never run in GitHub's cloud; of the same form. */
  readonly only: readonly string[];
  /** The hosts that policies may list in `egress`. */
  readonly egress: readonly string[];
  /** The most sessions at once on this machine; 0 where only workers run them. */
  readonly sessions: number;
  readonly limits: SandboxLimits;
  /** How long a task's workspace is kept after the task has ended, in milliseconds. */
  readonly keepMs: number;
  /** What this machine has, for policies that ask for it. */
  readonly labels: readonly string[];
  readonly isolation: "bubblewrap" | "none";
  /** As whom sandboxes run where the bot is root; null for the bot's own account. */
  readonly sandboxUser: SandboxAccount | null;
}

/** An account by its number or its name. */
export type SandboxAccount =
  | ({ readonly type: "ids" } & SandboxUser)
  | { readonly type: "name"; readonly name: string };

/** The name of something that a machine has. */
export const MACHINE_LABEL = /^[a-z0-9][a-z0-9._-]{0,62}$/u;

/** Whether a repository is one of these. */
export function isListed(
  patterns: readonly string[],
  { owner, repository }: { readonly owner: string; readonly repository: string },
): boolean {
  const names = [`${owner}/${repository}`, `${owner}/*`].map((name) => name.toLowerCase());
  return names.some((name) => patterns.includes(name));
}

/** `owner/name`, or `owner/*` for all of an owner's repositories; both in small letters. */
export const REPOSITORY_PATTERN =
  /^[a-z0-9][a-z0-9_-]{0,99}\/(?:\*|(?!\.{1,2}$)[a-z0-9._-]{1,100})$/u;
