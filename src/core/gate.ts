/** Where a session works: what the prompt names. */
export interface Place {
  readonly branch: string;
  /** The full SHA of the head commit. */
  readonly commit: string;
}

/**
 * What GitHub says of requester and subject when the task runs; the webhook's word is not taken.
 * `permission` is that of `GET /repos/{owner}/{repo}/collaborators/{username}/permission`. About the
 * subject nothing is asked for somebody who may not start anything.
 */
export type Facts =
  | { readonly permission: "read" | "none" }
  | {
      readonly permission: "admin" | "write";
      /** The default branch for an issue, the head for a pull request. */
      readonly place: Place;
      /** Whether the head of the pull request is in another repository. */
      readonly fromFork: boolean;
    };

export type DenialReason = "no_write_access" | "fork";

export type Decision =
  | { readonly allowed: true; readonly place: Place }
  | { readonly allowed: false; readonly reason: DenialReason };

/** Whether this requester may start a session on this subject. */
export function decide(facts: Facts): Decision {
  if (!("place" in facts)) {
    return { allowed: false, reason: "no_write_access" };
  }
  if (facts.fromFork) return { allowed: false, reason: "fork" };
  return { allowed: true, place: facts.place };
}
