import type { FilePlace } from "../task/denial.ts";
import type { Place, Survey } from "./survey.ts";

/**
 * What the requester is in a team. `missing`: GitHub knows no team of this name. `unreadable`: the App may
 * not know.
 */
export type Membership = "member" | "not a member" | "missing" | "unreadable";

/** Of the requester, by `organization/slug` in small letters. */
export type Teams = ReadonlyMap<string, Membership>;

/** All that the gate decides on. */
export interface Facts {
  readonly survey: Pick<Survey, "role" | "archived" | "defaultBranch" | "subject">;
  /** Those that were asked about. */
  readonly teams: Teams;
  /** Where the policy files name the teams that are missing, by `organization/slug`. */
  readonly namedAt: ReadonlyMap<string, readonly FilePlace[]>;
  /** Whether a maintainer has let Copilot work on the head commit of the pull request. */
  readonly headApproved: boolean;
  /** The branch that the policy names for issues; null where there is none of this name. */
  readonly issueBranch: Place | null;
}
