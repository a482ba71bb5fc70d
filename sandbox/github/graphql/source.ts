import type { RepositoryName } from "../shapes.ts";
import type { AccountRecord, RepositoryRecord } from "../state/records.ts";

/** What a type's fields are read from: values, or functions of the arguments; `__typename` is the type. */
export type Source = Readonly<Record<string, unknown>>;

/** What the asker can see. */
export interface Reader {
  /** The repository with this name, if the asker may see it. */
  see(name: RepositoryName, followRenames: boolean): RepositoryRecord | undefined;
  /** Whether the asker may read what is not public and takes one of these permissions. */
  may(permissions: readonly string[]): boolean;
  /** Who asks. */
  readonly login: string;
}

/** Who did something. GitHub's GraphQL API shows the login of an App's bot without `[bot]`, unlike its REST API. */
export function actor({ id, login, type }: AccountRecord): Source {
  return { __typename: type, databaseId: id, login: login.replace(/\[bot\]$/, "") };
}
