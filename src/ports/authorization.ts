import type {
  ConnectionTokens,
  CopilotRights,
  Person,
  TokenKind,
} from "../core/identity/connection.ts";

/** What asking GitHub for a token came to. */
export type Granted =
  | {
      readonly type: "granted";
      readonly tokens: ConnectionTokens;
      /** ISO 8601; null when it doesn't expire. */
      readonly expiresAt: string | null;
    }
  /** GitHub says no: `code` is its `error`, e.g. `bad_verification_code`, `bad_refresh_token`. Asking again changes nothing. */
  | { readonly type: "refused"; readonly code: string; readonly message: string }
  | { readonly type: "unreachable"; readonly message: string };

/** A token, granted. */
export type Grant = Extract<Granted, { readonly type: "granted" }>;

/** Whose a token is, or why GitHub doesn't say. */
export type Identified = { readonly type: "person"; readonly person: Person } | NotGood;

/** Whose a token is, and what it's good for. */
export type Examined =
  | { readonly type: "good"; readonly person: Person; readonly rights: CopilotRights }
  | NotGood;

type NotGood =
  /** `problem`: what's missing, and the page where it's given. A sentence each. */
  | {
      readonly type: "unfit";
      readonly person: Person | null;
      readonly problem: string;
      readonly page: string | null;
    }
  | { readonly type: "unreachable"; readonly message: string };

/** GitHub's user authorization: https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app. */
export interface Authorization {
  /** Which kind of token the web flow gives here. */
  readonly kind: Exclude<TokenKind, "personal">;
  /**
   * GitHub's page on which a person agrees.
   *
   * @param state comes back with the code
   * @param challenge of PKCE, S256
   * @param neededLogin whose agreement is needed, after somebody else signed in: GitHub suggests that account, and asks
   * which one to use, although the other one has agreed before
   */
  authorizeUrl(options: {
    readonly state: string;
    readonly challenge: string;
    readonly neededLogin?: string | null;
  }): string;
  /** Exchanges the code that came back. @param verifier of PKCE */
  exchange(code: string, verifier: string): Promise<Granted>;
  /** New tokens; the old ones end with it. */
  refresh(refreshToken: string): Promise<Granted>;
  /** Asks whose a token is. */
  identify(token: string): Promise<Identified>;
  /** Tries a token without spending anything: whose it is, and what its Copilot may do. */
  examine(token: string): Promise<Examined>;
  /** Ends a token at GitHub; `personal` ones only their owner can end. Never rejects. */
  revoke(token: string, kind: TokenKind): Promise<void>;
  /**
   * Ends, at GitHub, all that the owner of a token has allowed, with all tokens that came of it; GitHub asks them before
   * there's another one. False for a token that GitHub doesn't know anymore. Never rejects.
   */
  withdraw(token: string, kind: TokenKind): Promise<boolean>;
  /** Whether GitHub still takes a token; `unknown` when it doesn't say. Never rejects. */
  stateOf(token: string, kind: TokenKind): Promise<"alive" | "ended" | "unknown">;
}
