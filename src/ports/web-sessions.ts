import type { Person } from "../core/identity/connection.ts";

/** A person's sign-in on the bot's pages, in one browser. */
export interface WebSession {
  /** Names the session; nobody signs in with it. */
  readonly id: string;
  readonly person: Person;
  /** The task that was waiting when this person connected. */
  readonly continuedTask: string | null;
  /** The App's user token, with which GitHub is asked what the person can read; null where the session has none. */
  readonly viewerToken: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** A token of a person's that a session is to have. */
export interface ViewerToken {
  readonly token: string;
  /** ISO 8601; null when it doesn't expire. */
  readonly expiresAt: string | null;
}

/** Who signs in. */
export interface SignedInPerson {
  readonly person: Person;
  readonly continuedTask: string | null;
  /** Null where GitHub gave none for the pages. */
  readonly viewerToken: ViewerToken | null;
}

/**
 * The sign-ins on the pages, over all replicas. A browser knows its session's secret. The token of a session that ends
 * is ended at GitHub too, as far as GitHub can be reached. Every method rejects when the database does.
 */
export interface WebSessions {
  /** Null when there's none, or it's over. @param options.isUse false leaves it as idle as it was */
  find(secret: string, options?: { readonly isUse: boolean }): Promise<WebSession | null>;
  /**
   * Begins a session; gives its secret. One that the browser had before ends, and leaves its token to the same person's
   * new one that has none.
   */
  begin(signedIn: SignedInPerson, replaced: string | null): Promise<string>;
  end(secret: string): Promise<void>;
  endAllOf(userId: number): Promise<void>;
  /** GitHub doesn't take a session's token anymore. */
  dropToken(session: WebSession): Promise<void>;
  /** Deletes what's over; gives their number. */
  prune(): Promise<number>;
}
