import type { ConnectionTokens } from "../core/identity/connection.ts";
import type { ConnectionRow, SealedTokens } from "../ports/connection-rows.ts";
import type { Cipher, SealPlace } from "./cipher.ts";

/** Whose tokens they are. */
type Owner = Pick<SealPlace, "host" | "userId">;

/** Encrypts a person's tokens. */
export function sealTokens(
  cipher: Cipher,
  { host, userId }: Owner,
  { token, refreshToken }: ConnectionTokens,
): SealedTokens {
  return {
    token: cipher.seal(token, { host, userId, field: "token" }),
    refreshToken:
      refreshToken === null
        ? null
        : cipher.seal(refreshToken, { host, userId, field: "refreshToken" }),
  };
}

/** The tokens of a connection; null when they can't be decrypted. @param sealed those of the row */
export function openTokens(
  cipher: Cipher,
  { host, userId }: Owner,
  sealed: NonNullable<ConnectionRow["sealed"]>,
): ConnectionTokens | null {
  const token = cipher.open(sealed.token, { host, userId, field: "token" });
  if (token === null) return null;
  if (sealed.refreshToken === null) return { token, refreshToken: null };
  const refreshToken = cipher.open(sealed.refreshToken, { host, userId, field: "refreshToken" });
  return refreshToken === null ? null : { token, refreshToken };
}
