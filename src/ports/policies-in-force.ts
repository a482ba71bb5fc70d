import type { PolicyVersion } from "../core/access/survey.ts";
import type { FileOwner, Policy, Sources } from "../core/policy/policy.ts";
import type { PolicyFile } from "../core/policy/read.ts";
import type { KnownRepository } from "./viewing.ts";

/** A policy file as it was read. */
export interface ReadPolicyFile {
  /** Its address on GitHub, of the version that was read. */
  readonly url: string;
  readonly commit: string;
  readonly file: PolicyFile;
}

/** What's in force in a repository. */
export interface PolicyInForce {
  readonly policy: Policy;
  readonly sources: Sources;
  /** Null where there's no such file. */
  readonly files: Readonly<Record<FileOwner, ReadPolicyFile | null>>;
}

/** What the bot does in a repository, or why it does nothing. */
export type PolicyThere =
  | (PolicyInForce & {
      readonly type: "policy";
      /** Sentences, as `/copilot config` has them. Markdown. */
      readonly gaps: readonly string[];
      readonly deprecations: readonly string[];
      /** Whether the bot sees the organization's `.github` repository at all. */
      readonly isOrganizationVisible: boolean;
    })
  /** Nothing starts there. */
  | {
      readonly type: "problems";
      /** Markdown. */
      readonly problems: string;
      /** Whether the organization has a file, with or without mistakes. */
      readonly hasOrganizationFile: boolean;
    }
  /** GitHub doesn't say. */
  | { readonly type: "unknown" };

/** A repository, as far as its policy goes. */
export interface RepositoryPolicy {
  /** Null where that's unknown, e.g. of an empty repository. */
  readonly defaultBranch: string | null;
  /** Whether it has a file of its own, with or without mistakes. */
  readonly hasFile: boolean;
  readonly reading: PolicyThere;
}

/** What's in force in repositories now, for pages: GitHub's answers are remembered for a minute. */
export interface PoliciesInForce {
  /**
   * Null where the App isn't installed.
   *
   * @param installationId null to look it up; then null is an answer that's remembered, too
   */
  of(repository: KnownRepository, installationId: number | null): Promise<RepositoryPolicy | null>;
}

/** The policy files of a repository, at one moment. */
export interface PolicyFilesThere {
  readonly defaultBranch: string | null;
  readonly isArchived: boolean;
  readonly policy: Readonly<Record<FileOwner, PolicyVersion | null>> & {
    readonly repository: PolicyVersion;
  };
}

/** Asks GitHub for policy files, without a task. */
export interface PolicyFileSource {
  /**
   * Null where the App isn't installed. Rejects when GitHub doesn't answer as asked.
   *
   * @param installationId null to look it up
   */
  find(
    repository: KnownRepository,
    installationId: number | null,
  ): Promise<PolicyFilesThere | null>;
}
