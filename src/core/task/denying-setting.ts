import type { Denial, DenialReason } from "./denial.ts";
import type { Wish } from "../policy/changeable.ts";
import type { TriggerType } from "../policy/permissions.ts";
import type { Sources } from "../policy/sources.ts";

/** A setting that can deny something. */
export interface DenyingSetting {
  /** As people know it. */
  readonly name: string;
  /** What lets it pass. */
  readonly wish: Wish;
  /** How the rest of its source's name is made; `whole` where that's the name itself. */
  readonly by: "whole" | "kind" | "least" | "allow" | "deny";
}

const PERMISSIONS = { name: "permissions", wish: "looser" } as const;
const IDENTITY = { name: "identity", by: "kind" } as const;
const RUNS_ON = { name: "runs_on", by: "kind" } as const;

/** What of the policy denies it; null where it isn't the policy's to change. */
export const SETTING_OF_DENIAL = {
  no_permission: { ...PERMISSIONS, by: "least" },
  denied_by_name: { ...PERMISSIONS, by: "deny" },
  app_not_trusted: { name: "trusted_apps", by: "whole", wish: "looser" },
  copilot_account: null,
  not_on_the_list: { ...PERMISSIONS, by: "allow" },
  team_missing: { ...PERMISSIONS, by: "deny" },
  // It names each place itself.
  policy_wrong: null,
  teams_unreadable: null,
  unknown_command: null,
  misplaced_command: null,
  repository_archived: null,
  repository_empty: null,
  subject_closed: null,
  subject_locked: null,
  fork: { name: "forks", by: "whole", wish: "looser" },
  fork_without_ok: null,
  branch_not_eligible: { name: "branches.eligible", by: "whole", wish: "looser" },
  branch_missing: { name: "branches.issues", by: "whole", wish: "looser" },
  // A requester's own Copilot is stricter than the bot's, and the cloud than anybody's machines.
  cannot_connect: { ...IDENTITY, wish: "looser" },
  no_bot_account: { ...IDENTITY, wish: "stricter" },
  cloud_not_allowed: { ...RUNS_ON, wish: "looser" },
  self_hosting_off: { ...RUNS_ON, wish: "stricter" },
  self_hosting_repository: { ...RUNS_ON, wish: "stricter" },
  self_hosting_egress: { name: "egress", by: "whole", wish: "stricter" },
  self_hosting_fork: { ...RUNS_ON, wish: "stricter" },
  over_limit: { name: "limits", by: "whole", wish: "looser" },
} as const satisfies Record<DenialReason, DenyingSetting | null>;

/** What of the policy is behind the answer to a command that changes nothing. */
export const SETTING_OF_ANSWER = {
  owners_only: { name: "steering", by: "whole", wish: "looser" },
  forks_decided: { name: "forks", by: "whole", wish: "looser" },
  never_shared: { name: "share", by: "kind", wish: "looser" },
} as const satisfies Record<string, DenyingSetting>;

/** The denials that somebody can change in the policy. */
export type PolicyDenial = Extract<
  Denial,
  {
    readonly reason: {
      [Reason in DenialReason]: (typeof SETTING_OF_DENIAL)[Reason] extends null ? never : Reason;
    }[DenialReason];
  }
>;

/** What the setting is called that denies something. */
export function denyingName(denial: PolicyDenial): string {
  const { name } = SETTING_OF_DENIAL[denial.reason];
  if (denial.reason !== "over_limit") return name;
  const { scope, per } = denial.limit;
  return `${name}.${scope}.${per}`;
}

/** What somebody has asked for, as the policy names it. */
export interface PolicyScope {
  readonly kind: string;
  readonly trigger: TriggerType;
}

/** The setting that denies this; null where it isn't the policy's to change. */
export function denyingSetting(denial: Denial): DenyingSetting | null {
  if (!isOfPolicy(denial)) return null;
  return { ...SETTING_OF_DENIAL[denial.reason], name: denyingName(denial) };
}

function isOfPolicy(denial: Denial): denial is PolicyDenial {
  return SETTING_OF_DENIAL[denial.reason] !== null;
}

/** What the source of a setting is called: that of its kind, or of `default` where no file names it. */
export function sourceName(
  { name, by }: DenyingSetting,
  { kind, trigger }: PolicyScope,
  sources: Sources,
): string {
  if (by === "whole") return name;
  const rest = by === "kind" ? "" : `.${trigger}.${by}`;
  const ofKind = `${name}.${kind}${rest}`;
  return sources.has(ofKind) ? ofKind : `${name}.default${rest}`;
}
