/** Whether people see and steer a session on GitHub: from its start, when somebody asks for it, or never. */
export type Sharing = "always" | "on-demand" | "never";

/** What becomes of what an agent has committed: a branch with a draft pull request, a branch, or nothing. */
export type PushPolicy = "pull-request" | "branch" | "never";

/** What else is checked out for a session beside the repository's own files. */
export const CHECKOUT_PARTS = ["lfs", "submodules"] as const;

export type CheckoutPart = (typeof CHECKOUT_PARTS)[number];

/** How a session is to run on a machine of the administrator's: as the policy says, within what the administrator allows. */
export interface HostingTerms {
  /** What the machine must have; each is one of its labels. */
  readonly labels: readonly string[];
  /** Hosts that the agent reaches beside Copilot. */
  readonly egress: readonly string[];
  readonly sharing: Sharing;
  readonly push: PushPolicy;
  readonly checkout: readonly CheckoutPart[];
}

/** Why a session may not run where the policy wants it. */
export type HostingDenial =
  /** The administrator lets none of this repository run in GitHub's cloud. */
  | { readonly reason: "cloud_not_allowed" }
  /** The administrator lets none run there. */
  | { readonly reason: "self_hosting_off" }
  /** The administrator lets none of this repository run there. */
  | { readonly reason: "self_hosting_repository" }
  /** The policy opens this host to it, and the administrator doesn't. */
  | { readonly reason: "self_hosting_egress"; readonly host: string }
  /** What comes from forks never runs there. */
  | { readonly reason: "self_hosting_fork" };
