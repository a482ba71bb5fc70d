import type { Role } from "../core/github/role.ts";
import type { Person } from "../core/identity/connection.ts";
import type { GitHubAccount } from "./administrators.ts";

/** Where a repository is on GitHub. */
export interface RepositoryAddress {
  readonly owner: string;
  readonly name: string;
}

/** A repository that the bot knows of. Names change hands: the id is what counts. */
export interface KnownRepository extends RepositoryAddress {
  readonly id: number;
}

/** A repository that a viewer can read now. */
export interface ReadableRepository extends KnownRepository {
  readonly ownerId: number;
  readonly ownerType: "User" | "Organization";
  readonly isPrivate: boolean;
  /** What the viewer may do there. */
  readonly role: Role;
}

/** An installation of the App in whose account the viewer has a part. */
export interface ViewerInstallation {
  readonly id: number;
  readonly account: GitHubAccount;
  readonly isSuspended: boolean;
}

/** What a viewer can read because they have a role there, and the App is installed. */
export interface ViewerScope {
  readonly repositories: readonly ReadableRepository[];
  readonly installations: readonly ViewerInstallation[];
}

/** GitHub, as a person asks it with the App's user token of theirs. Every method rejects with a `ViewingTrouble`. */
export interface ViewerGitHub {
  /** @param earlier an answer to the same token, of which GitHub says what has changed */
  scope(token: string, earlier: ViewerScope | null): Promise<ViewerScope>;
  /** Null when it isn't there, or the person or the App can't read it: GitHub makes no difference. */
  repository(token: string, address: RepositoryAddress): Promise<ReadableRepository | null>;
}

/** Whoever looks at the pages, as of now. Every method rejects with a `ViewingTrouble`. */
export interface Viewer {
  readonly person: Person;
  /** Whether they administer the bot. */
  isAdmin(): Promise<boolean>;
  /** Whether pages link to what's for administrators: they may have been one within the last hour. */
  showsAdminLink(): Promise<boolean>;
  /** For lists. The database is asked for what's in these repositories, and for nothing else. */
  scope(): Promise<ViewerScope>;
  /**
   * A repository that the viewer can read, by the scope or, for a public one, by its address. Null otherwise. It takes as
   * long for null, so that nobody learns from the time whether there's something.
   */
  repository(place: RepositoryAddress | KnownRepository | null): Promise<ReadableRepository | null>;
  /**
   * An installation in whose account the viewer has a part. Null otherwise. What has just been installed is there:
   * GitHub is asked anew before the answer is null.
   */
  installation(id: number | null): Promise<ViewerInstallation | null>;
  /** Whether the viewer is the account, or owns the organization. @param installationId null to look it up */
  administers(account: GitHubAccount, installationId: number | null): Promise<boolean>;
}

/** Why GitHub doesn't say what a viewer can read. */
export class ViewingTrouble extends Error {
  override readonly name = "ViewingTrouble";
  /** `token_refused`: it has ended. `unreachable`: GitHub doesn't answer, or answers no more for now. */
  readonly reason: "token_refused" | "unreachable";

  constructor(reason: ViewingTrouble["reason"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
