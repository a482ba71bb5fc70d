import { createHash } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Client } from "./clients.ts";
import type { IssuedToken, Tokens } from "./tokens.ts";
import { randomText } from "./tokens.ts";

/** What somebody agreed to, on the page. */
export interface Agreement {
  readonly client: Client;
  readonly login: string;
  readonly scopes: readonly string[];
  /** Undefined where the request named none. */
  readonly redirectUri: string | undefined;
  /** Of PKCE, S256. */
  readonly challenge: string | undefined;
}

/** A refresh that succeeded. */
export interface Refresh {
  readonly login: string;
  readonly at: number;
}

/** Who has authorized whom. */
export interface Authorizations {
  readonly tokens: Tokens;
  readonly refreshes: readonly Refresh[];
  /** Whether the person has authorized the client, with at least these scopes. */
  isGranted(client: Client, login: string, scopes: readonly string[]): boolean;
  /** Remembers the authorization; gives a code that is good for ten minutes and one exchange. */
  agree(agreement: Agreement): string;
  /** What the code was given for; undefined when it's unknown, used, too old, or another client's. */
  agreementOf(code: string, client: Client): Agreement | undefined;
  /** Uses the code up; undefined when the verifier isn't that of its challenge. */
  exchange(
    code: string,
    agreement: Agreement,
    verifier: string | undefined,
  ): IssuedToken | undefined;
  /** New tokens instead of those that the refresh token belongs to; undefined when GitHub doesn't take it. */
  refresh(refreshToken: string, client: Client): IssuedToken | undefined;
  /** Ends the authorization, with all its tokens and codes. */
  revoke(clientId: string, login: string): void;
}

/** https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#2-users-are-redirected-back-to-your-site-by-github */
const CODE_MS = 600_000;

/** Nobody has authorized anything. */
export function createAuthorizations(clock: Clock, tokens: Tokens): Authorizations {
  const grants = new Map<string, Set<string>>();
  const codes = new Map<string, { readonly agreement: Agreement; readonly until: number }>();
  const refreshes: Refresh[] = [];

  return {
    tokens,
    refreshes,
    isGranted({ clientId }, login, scopes) {
      const granted = grants.get(grantKey(clientId, login));
      return granted !== undefined && scopes.every((scope) => granted.has(scope));
    },
    agree(agreement) {
      const { client, login, scopes } = agreement;
      const key = grantKey(client.clientId, login);
      grants.set(key, new Set([...(grants.get(key) ?? []), ...scopes]));
      const code = randomText(20);
      codes.set(code, { agreement, until: clock.now() + CODE_MS });
      return code;
    },
    agreementOf(code, { clientId }) {
      const found = codes.get(code);
      if (found === undefined || found.until <= clock.now()) return undefined;
      return found.agreement.client.clientId === clientId ? found.agreement : undefined;
    },
    exchange(code, agreement, verifier) {
      codes.delete(code);
      const isFine = isProved(agreement.challenge, verifier);
      return isFine ? tokens.issue(agreement, agreement.client) : undefined;
    },
    refresh(refreshToken, client) {
      const old = tokens.behind(refreshToken);
      if (old?.clientId !== client.clientId) return undefined;
      tokens.revoke(old);
      refreshes.push({ login: old.login, at: clock.now() });
      return tokens.issue(old, client);
    },
    revoke(clientId, login) {
      grants.delete(grantKey(clientId, login));
      tokens.revokeAll(clientId, login);
      for (const [code, { agreement }] of codes) {
        if (agreement.client.clientId === clientId && agreement.login === login) codes.delete(code);
      }
    },
  };
}

function isProved(challenge: string | undefined, verifier: string | undefined): boolean {
  if (challenge === undefined) return true;
  const hash = createHash("sha256").update(verifier ?? "");
  return hash.digest("base64url") === challenge;
}

function grantKey(clientId: string, login: string): string {
  return `${clientId} ${login}`;
}
