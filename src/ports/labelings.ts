import type { PolicyBlobs } from "../core/access/policy-blobs.ts";
import type { PolicyMerge } from "../core/webhook/policy-merge.ts";

/** A repository in an installation of the App. */
export interface LabelingPlace {
  readonly repositoryId: number;
  readonly installationId: number;
  readonly ownerId: number;
  readonly owner: string;
  readonly repository: string;
}

/** A repository that's to get the labels that start tasks there. */
export interface Labeling extends LabelingPlace {
  /** By which policy it got them last; null where it's to get them whatever the policy was. */
  readonly repositoryBlob: string | null;
  readonly organizationBlob: string | null;
  /** When somebody first took it. ISO 8601 in UTC. */
  readonly triedAt: string;
  /** How often somebody has taken it, this time included. */
  readonly attempt: number;
  /** How often GitHub didn't do as asked. */
  readonly refusals: number;
}

/**
 * What came of it.
 *
 * - `created`: it has all labels.
 * - `unchanged`: its policy is the one by which it got them last.
 * - `noticed`: the bot has seen its policy, which isn't known to have changed.
 * - `off`: the policy or `CREATE_LABELS` says not to.
 */
export type LabelingResult =
  | "created"
  | "unchanged"
  | "noticed"
  | "off"
  | "archived"
  | "policy_problems"
  | "refused"
  | "given_up";

/** A policy that somebody has read. */
export interface PolicySighting extends PolicyBlobs {
  /** The account's id is null where whoever reads it doesn't know. */
  readonly place: Omit<LabelingPlace, "ownerId"> & { readonly ownerId: number | null };
}

/** How far the bot has come in an installation. */
export interface LabelingProgress {
  /** Repositories that are still to get labels. */
  readonly waiting: number;
  /** ISO 8601 in UTC: when the last of them is due, if nothing comes in between; null where none waits. */
  readonly dueBy: string | null;
  /** Repositories where GitHub refused. */
  readonly refused: number;
}

/**
 * Repositories that are to get labels, durable: one each. Installation events add and remove them. Whatever is written of
 * one that somebody else has taken meanwhile changes nothing.
 */
export interface Labelings {
  /** A merge that changed the policy has repositories get labels; any other does nothing. Gives whether it did. */
  requestAfterMerge(merge: PolicyMerge): Promise<boolean>;
  /** A policy that isn't the one by which a repository got its labels has it get them again. */
  notice(sighting: PolicySighting): Promise<void>;
  /** Takes the next one that is due, so that nobody else takes it for a while; null when there is none. */
  take(): Promise<Labeling | null>;
  /**
   * Records that a label is about to be created. `lost`: somebody else has taken the repository. A time: until then the
   * installation has used up what GitHub lets the bot create, and nobody takes its repositories.
   */
  intend(labeling: Labeling): Promise<"go" | "lost" | Date>;
  /** @param blobs the policy by which; null where that's unknown */
  settle(labeling: Labeling, result: LabelingResult, blobs: PolicyBlobs | null): Promise<void>;
  /** Settles all repositories of its installation as refused; gives their number. */
  refuseAll(labeling: Labeling): Promise<number>;
  /** GitHub didn't do as asked. Nobody takes the repository, or any of its installation, before then. */
  postpone(labeling: Labeling, until: Date, of: "repository" | "installation"): Promise<void>;
  /** The App can't see the repository anymore. */
  remove(labeling: Labeling): Promise<void>;
  /** Settles all of them as off. */
  turnOff(): Promise<void>;
  progressOf(installationId: number): Promise<LabelingProgress>;
}
