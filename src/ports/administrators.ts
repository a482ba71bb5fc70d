import type { Person } from "../core/identity/connection.ts";

/** A person's or an organization's account on GitHub. The id is what counts: logins change hands. */
export interface GitHubAccount {
  readonly id: number;
  readonly login: string;
  readonly isOrganization: boolean;
}

/** Who administers accounts on GitHub. */
export interface Administrators {
  /**
   * Whether this person is the account, or an owner of the organization now. An organization is asked through the App's
   * installation there: of one that doesn't let the App read its members, nobody counts as an owner.
   *
   * Rejects with a `ViewingTrouble` when GitHub doesn't answer.
   *
   * @param installationId the App's on the account; null to look it up
   */
  administers(
    person: Person,
    account: GitHubAccount,
    installationId: number | null,
  ): Promise<boolean>;
}
