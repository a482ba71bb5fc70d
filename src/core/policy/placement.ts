import { isRuleWithin } from "../isolation/hosts.ts";
import type { HostingDenial, HostingTerms } from "./hosting-terms.ts";
import type { RunsOn } from "./hosting-sections.ts";
import type { Policy } from "./policy.ts";
import { forKind } from "./policy.ts";
import type { SelfHosting } from "./self-hosting.ts";
import { isListed } from "./self-hosting.ts";

/** Where a task's session is to run. */
export type Placement =
  | { readonly type: "self-hosted"; readonly terms: HostingTerms }
  | {
      readonly type: "cloud";
      /** What holds on the administrator's machines if GitHub blocks the session; null: it fails then. */
      readonly ifBlocked: HostingTerms | null;
      /** Why it fails then although the policy names that way out; null where the policy doesn't. */
      readonly notIfBlocked: HostingDenial | null;
    };

/** Where a session is to run, or why it may not run where the policy wants it. */
export type PlacementDecision =
  | Placement
  | { readonly type: "refused"; readonly denial: HostingDenial };

/** What of a task decides where its session runs. */
export interface PlacedTask {
  readonly kind: string;
  readonly owner: string;
  readonly repository: string;
  /** Whether it's about a pull request from a fork. */
  readonly fromFork: boolean;
}

/**
 * Where a task's session runs: as its policy says, within what the administrator allows.
 *
 * Where the policy says `self-hosted`, it's there or nowhere: what it keeps on these machines doesn't go to the cloud
 * instead. Neither does what the administrator keeps there: for that, the cloud is as good as blocked.
 *
 * @param allowed null where sessions run on none of the administrator's machines
 */
export function placementOf(
  policy: Pick<Policy, "runsOn" | "share" | "push" | "egress" | "checkout">,
  task: PlacedTask,
  allowed: SelfHosting | null,
): PlacementDecision {
  const runsOn = forKind(policy.runsOn, task.kind);
  const isKept = allowed !== null && isListed(allowed.only, task);
  if (runsOn.type === "cloud") {
    if (isKept) return { type: "refused", denial: { reason: "cloud_not_allowed" } };
    return { type: "cloud", ifBlocked: null, notIfBlocked: null };
  }
  const denial = denialOfHosting(policy.egress, task, allowed);
  const terms = termsOf(policy, task.kind, runsOn);
  if (runsOn.type === "self-hosted-if-blocked" && !isKept) {
    const ifBlocked = denial === null ? terms : null;
    return { type: "cloud", ifBlocked, notIfBlocked: denial };
  }
  return denial === null ? { type: "self-hosted", terms } : { type: "refused", denial };
}

function termsOf(
  { share, push, egress, checkout }: Pick<Policy, "share" | "push" | "egress" | "checkout">,
  kind: string,
  { labels }: Exclude<RunsOn, { readonly type: "cloud" }>,
): HostingTerms {
  return { labels, egress, sharing: forKind(share, kind), push: forKind(push, kind), checkout };
}

/**
 * Why a session may not run on the administrator's machines; null when it may. What nobody can change comes first.
 *
 * @param egress the hosts that it wants to reach
 */
export function denialOfHosting(
  egress: readonly string[],
  task: Omit<PlacedTask, "kind">,
  allowed: SelfHosting | null,
): HostingDenial | null {
  if (task.fromFork) return { reason: "self_hosting_fork" };
  if (allowed === null) return { reason: "self_hosting_off" };
  if (!isListed(allowed.repositories, task)) return { reason: "self_hosting_repository" };
  const isAllowed = (host: string) => allowed.egress.some((rule) => isRuleWithin(host, rule));
  // A session that is started without one of them fails later, and nobody sees why.
  const host = egress.find((one) => !isAllowed(one));
  return host === undefined ? null : { reason: "self_hosting_egress", host };
}
