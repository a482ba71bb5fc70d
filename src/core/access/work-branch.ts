import type { Denial } from "../task/denial.ts";
import type { Policy } from "../policy/policy.ts";
import { matchesEligible } from "../policy/policy.ts";
import type { Facts } from "./facts.ts";
import type { Place, Survey } from "./survey.ts";

/** Where the session works, or why nothing can be worked on here. */
type PlaceDecision =
  | { readonly type: "place"; readonly place: Place }
  | { readonly type: "denied"; readonly denial: Denial };

function noPlace(denial: Denial): PlaceDecision {
  return { type: "denied", denial };
}

/** @returns the branch that a task's session works on, if one may be worked on */
export function placeFor(facts: Facts, policy: Policy): PlaceDecision {
  const { archived, subject, defaultBranch } = facts.survey;
  if (archived) return noPlace({ reason: "repository_archived" });
  if (subject.state !== "open") return noPlace({ reason: "subject_closed", state: subject.state });
  if (subject.locked) return noPlace({ reason: "subject_locked" });
  if (defaultBranch === null) return noPlace({ reason: "repository_empty" });
  if (subject.pull !== null) return placeOfPull(subject.pull, facts, policy);
  const wanted = policy.branches.issues;
  const place = wanted === null ? defaultBranch : facts.issueBranch;
  if (place === null) return noPlace({ reason: "branch_missing", branch: wanted ?? "" });
  return eligible(place, place.branch, policy);
}

function placeOfPull(
  pull: NonNullable<Survey["subject"]["pull"]>,
  { headApproved }: Facts,
  policy: Policy,
): PlaceDecision {
  const { head, base, fromFork } = pull;
  if (!fromFork) return eligible(head, base.branch, policy);
  if (policy.forks === "deny") return noPlace({ reason: "fork" });
  if (policy.forks === "allow-after-ok" && !headApproved) {
    return noPlace({ reason: "fork_without_ok", commit: head.commit });
  }
  // A session can only be on a branch of this repository.
  return eligible(base, base.branch, policy);
}

function eligible(place: Place, branch: string, policy: Policy): PlaceDecision {
  return matchesEligible(policy, branch)
    ? { type: "place", place }
    : noPlace({ reason: "branch_not_eligible", branch });
}
