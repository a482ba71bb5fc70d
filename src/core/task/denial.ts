import type { HostingDenial } from "../policy/hosting-terms.ts";
import type { Misplacement } from "../command/misplaced.ts";
import type { Role } from "../github/role.ts";
import type { ProvidedChoice } from "../policy/identity-choice.ts";

/** How many tasks may be started in which time. */
export interface Limit {
  readonly scope: "requester" | "repository" | "organization";
  readonly per: "hour" | "day";
  readonly most: number;
}

/** Where a policy file says something. */
export interface FilePlace {
  readonly of: "organization" | "repository";
  /** Of the file, on GitHub. */
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

/** Where what denies something can be changed. */
export interface ChangePlaces {
  readonly places: readonly {
    readonly of: FilePlace["of"];
    /** Where the file says it; null where it doesn't say it yet. */
    readonly said: FilePlace | null;
  }[];
  /** Whether all of these files have to be changed; otherwise one is enough. */
  readonly inAll: boolean;
}

/** A team that GitHub does not know, and where the policy names it. */
export interface MissingTeam {
  /** As `organization/slug`. */
  readonly team: string;
  readonly places: readonly FilePlace[];
}

/** Why the gate does not let a task start. */
export type Denial =
  | { readonly reason: "no_permission"; readonly least: Role }
  | { readonly reason: "denied_by_name" }
  /** Another App has written the command on the requester's behalf. */
  | { readonly reason: "app_not_trusted"; readonly app: string }
  /** The agent can act as this account, and could command the bot. */
  | { readonly reason: "copilot_account"; readonly login: string }
  | { readonly reason: "not_on_the_list"; readonly missing: readonly MissingTeam[] }
  /** The policy denies something to teams whose members are unknown. */
  | { readonly reason: "team_missing"; readonly missing: readonly MissingTeam[] }
  | { readonly reason: "teams_unreadable" }
  | { readonly reason: "unknown_command"; readonly name: string; readonly nearest: string | null }
  /** Nothing that is sure to have been meant as a command. */
  | {
      readonly reason: "misplaced_command";
      readonly name: string;
      readonly misplaced: Misplacement;
    }
  /** `problems` is Markdown. */
  | { readonly reason: "policy_wrong"; readonly problems: string }
  | { readonly reason: "repository_archived" }
  | { readonly reason: "repository_empty" }
  | { readonly reason: "subject_closed"; readonly state: "closed" | "merged" }
  | { readonly reason: "subject_locked" }
  | { readonly reason: "fork" }
  | { readonly reason: "fork_without_ok"; readonly commit: string }
  | { readonly reason: "branch_not_eligible"; readonly branch: string }
  | { readonly reason: "branch_missing"; readonly branch: string }
  /** The policy wants the requester's own Copilot, and people can't connect theirs here. */
  | { readonly reason: "cannot_connect" }
  /** The policy wants the bot's account, and there's none. */
  /** Of the accounts that the administrator can provide, this one isn't there. */
  | { readonly reason: "no_bot_account"; readonly account: ProvidedChoice }
  | HostingDenial
  /** `freesAt` is ISO 8601. */
  | { readonly reason: "over_limit"; readonly limit: Limit; readonly freesAt: string };

export type DenialReason = Denial["reason"];
