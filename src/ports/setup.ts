import type { Finding } from "../core/doctor/finding.ts";
import type { LabelingProgress } from "./labelings.ts";
import type { KnownRepository } from "./viewing.ts";

/** A permission that the App wants, and doesn't have in an installation. */
export interface MissingPermission {
  /** GitHub's name, e.g. `pull_requests`. */
  readonly name: string;
  /** E.g. `write`. */
  readonly wanted: string;
  /** Null when it has none. */
  readonly granted: string | null;
}

/** An installation of the App, as its page in GitHub's settings and the doctor see it. */
export interface InstalledApp {
  readonly installation: {
    readonly id: number;
    readonly account: string;
    /** Its page in GitHub's settings, where permissions are accepted and repositories chosen. */
    readonly url: string;
    readonly repositories: "all" | "selected";
    readonly isSuspended: boolean;
  };
  readonly missingPermissions: readonly MissingPermission[];
  readonly findings: readonly Finding[];
  /** The first 30; none of a suspended installation, which says nothing about them. */
  readonly repositories: readonly KnownRepository[];
  readonly repositoryCount: number;
  /** How far the bot has come with creating labels; null where it creates none by itself. */
  readonly labelings: LabelingProgress | null;
}

/** What's set up on GitHub. */
export interface Setup {
  /** Null when there's no such installation. Rejects with a `ViewingTrouble` when GitHub doesn't answer. */
  find(installationId: number): Promise<InstalledApp | null>;
  /** Where GitHub installs the App; null where GitHub doesn't say. */
  installUrl(): Promise<string | null>;
}
