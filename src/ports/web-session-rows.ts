import type { Person } from "../core/identity/connection.ts";

/** A sign-in in the database, which knows neither the cookie nor the token. Times are ISO 8601 in UTC. */
export interface WebSessionRow {
  /** Of the cookie's value. */
  readonly digest: string;
  readonly userId: Person["id"];
  readonly login: Person["login"];
  /** Of the GitHub whose user it is. */
  readonly host: string;
  /** The task that was waiting when this person connected. */
  readonly continuedTask: string | null;
  /** The App's user token, encrypted; null where the session has none. */
  readonly sealedToken: string | null;
  readonly createdAt: string;
  /** When it ends, however much it's used. */
  readonly expiresAt: string;
  /** When it was last used, to the minute. */
  readonly usedAt: string;
}

/** Which sessions are over: those that expired before `now`, and those that weren't used since `idleSince`. */
export interface SessionAge {
  readonly now: string;
  readonly idleSince: string;
}

/** Sign-ins in the database. Every method rejects when the database does. */
export interface WebSessionRows {
  /** Whatever its age. */
  find(digest: string): Promise<WebSessionRow | null>;
  insert(row: WebSessionRow): Promise<void>;
  /** Null when there's none anymore: then another request has ended it. */
  remove(digest: string): Promise<WebSessionRow | null>;
  removeAllOf(userId: number): Promise<readonly WebSessionRow[]>;
  /** Removes a person's oldest ones besides this one, until so many of them are left. */
  removeOldestBeside(
    row: Pick<WebSessionRow, "digest" | "userId">,
    left: number,
  ): Promise<readonly WebSessionRow[]>;
  /** Removes some of those that are over; none when there are none. */
  removeOver(age: SessionAge): Promise<readonly WebSessionRow[]>;
  use(digest: string, at: string): Promise<void>;
  /** Sessions with tokens, by ascending digests above this one; the next ones begin behind the last. */
  after(digest: string): Promise<readonly WebSessionRow[]>;
  /** Replaces the token as it was read, or deletes it; false when it has changed, or the session is gone. */
  replaceToken(digest: string, before: string, after: string | null): Promise<boolean>;
}
