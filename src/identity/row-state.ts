import type { ConnectionTokens } from "../core/identity/connection.ts";
import type { ConnectionRow } from "../ports/connection-rows.ts";
import type { UserToken } from "../ports/connections.ts";
import type { Cipher } from "./cipher.ts";
import { openTokens } from "./sealed-tokens.ts";

/** What a row is good for: a token or the reason for none, or tokens that have to be refreshed first. */
export type RowState =
  | { readonly type: "known"; readonly userToken: UserToken }
  /** Its tokens can't be decrypted. */
  | { readonly type: "locked"; readonly login: string }
  | {
      readonly type: "due";
      readonly row: ConnectionRow;
      readonly tokens: ConnectionTokens & { readonly refreshToken: string };
    };

/** A token that ends sooner than this is refreshed before it's used, in milliseconds. */
const MARGIN_MS = 600_000;

/**
 * What a person's row is good for at this time. Nobody knows that while, or since, somebody refreshes it.
 *
 * @param marginMs a token that ends sooner is refreshed before it's used
 */
export function rowState(
  row: ConnectionRow | null,
  cipher: Cipher,
  now: Date,
  marginMs: number = MARGIN_MS,
): RowState {
  if (row === null) return known({ type: "not_connected" });
  const { login, sealed, expiresAt, refreshingSince } = row;
  if (sealed === null) return known({ type: "ended", login });
  const tokens = openTokens(cipher, row, sealed);
  if (tokens === null) return { type: "locked", login };
  const { token, refreshToken } = tokens;
  const leftMs = expiresAt === null ? Infinity : Date.parse(expiresAt) - now.getTime();
  if (refreshToken === null) {
    if (leftMs <= 0) return known({ type: "ended", login });
    return known({ type: "token", token, login, usableUntil: expiresAt });
  }
  if (leftMs <= marginMs || refreshingSince !== null)
    return { type: "due", row, tokens: { token, refreshToken } };
  return known({ type: "token", token, login, usableUntil: usableUntil(expiresAt, now) });
}

/** Until when a token lasts that is refreshed: the refresh comes before it expires, and ends it. */
export function usableUntil(expiresAt: string | null, now: Date): string | null {
  if (expiresAt === null) return null;
  const refreshed = Date.parse(expiresAt) - MARGIN_MS;
  return refreshed > now.getTime() ? new Date(refreshed).toISOString() : expiresAt;
}

function known(userToken: UserToken): RowState {
  return { type: "known", userToken };
}
