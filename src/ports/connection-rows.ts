import type { ConnectionCount, CopilotRights, TokenKind } from "../core/identity/connection.ts";

/** The tokens of a connection, encrypted. Each encryption gives another text, so that equal texts are the same write. */
export interface SealedTokens {
  readonly token: string;
  /** Null where the token isn't refreshed. */
  readonly refreshToken: string | null;
}

/** What's written when somebody connects. Times are ISO 8601 in UTC. */
export interface NewConnectionRow {
  readonly userId: number;
  readonly login: string;
  /** Of the GitHub whose user it is. */
  readonly host: string;
  readonly kind: TokenKind;
  readonly rights: CopilotRights;
  readonly sealed: SealedTokens;
  readonly connectedAt: string;
  readonly expiresAt: string | null;
}

/** A connection in the database. */
export interface ConnectionRow extends Omit<NewConnectionRow, "sealed"> {
  /** Null when the connection has ended: the tokens are gone then. */
  readonly sealed: SealedTokens | null;
  /** Another one after each write that isn't a re-encryption, and never the same again. */
  readonly version: string;
  /** Since when somebody refreshes the tokens; null when nobody does. */
  readonly refreshingSince: string | null;
}

/** Who refreshes: all of its writes fail once anybody else has written. */
export type RefreshClaim = Pick<ConnectionRow, "userId" | "version">;

/** Connections in the database, which sees tokens only encrypted. Every method rejects when the database does. */
export interface ConnectionRows {
  find(userId: number): Promise<ConnectionRow | null>;
  count(): Promise<ConnectionCount>;
  /** Writes a connection instead of an earlier one. */
  put(row: NewConnectionRow): Promise<void>;
  /** Deletes a connection; gives what there was. @param version deletes it only as long as it's of this one */
  remove(userId: number, version?: string): Promise<ConnectionRow | null>;
  /**
   * Claims the refresh of a row as it was read, or whose claim is older than a time; null when somebody was faster.
   *
   * @param at now
   * @param abandonedBefore claims of before are nobody's anymore
   * @param taskId claims it only if no session of that person uses the tokens, except this task's
   */
  claimRefresh(
    row: RefreshClaim,
    at: string,
    abandonedBefore: string,
    taskId?: string,
  ): Promise<RefreshClaim | null>;
  /** Writes refreshed tokens, and gives the claim back. False when it was lost. */
  finishRefresh(
    claim: RefreshClaim,
    sealed: SealedTokens,
    expiresAt: string | null,
  ): Promise<boolean>;
  /** Gives a claim back, and the tokens stay. */
  releaseRefresh(claim: RefreshClaim): Promise<void>;
  /** Deletes the tokens of a row as it was read; the rest stays. False when it has changed. */
  end(row: RefreshClaim): Promise<boolean>;
  /** Connections with tokens, by ascending user ids above this one; the next ones begin behind the last. */
  after(userId: number): Promise<readonly ConnectionRow[]>;
  /** Replaces the encryption of tokens; false when they are others by now. It disturbs no refresh. */
  reseal(userId: number, before: SealedTokens, after: SealedTokens): Promise<boolean>;
}
