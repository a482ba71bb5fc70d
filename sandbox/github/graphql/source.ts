import type { Account, Repository, RepositoryName } from "../shapes.ts";
import type { State } from "../state.ts";

/** What a type's fields are read from: values, or functions of the arguments; `__typename` tells the type. */
export type Source = Readonly<Record<string, unknown>>;

/** What is known, and what of it the asker may see. */
export interface Reader {
  readonly state: State;
  /** The repository with this name, if the asker may see it. */
  see(name: RepositoryName, followRenames: boolean): Promise<Repository | undefined>;
  /** Whether the asker may read what is not public and takes one of these permissions. */
  may(permissions: readonly string[]): boolean;
}

/**
 * Who did something. GitHub's GraphQL API tells the login of an App's bot without `[bot]`, unlike
 * its REST API, and nobody for a deleted account, which the REST API calls `ghost`.
 */
export function actor(account: Account | null): Source | null {
  if (account === null || account.login === "ghost") return null;
  return {
    __typename: account.type,
    id: account["node_id"],
    databaseId: account.id,
    login: account.login.replace(/\[bot\]$/, ""),
    url: account["html_url"],
  };
}
