import { z } from "zod";
import { withoutCredentials } from "../text/credentials.ts";
import type { ConnectionTokens } from "./connection.ts";

/** What GitHub answered to the request for a token. */
export type TokenAnswer =
  | {
      readonly type: "granted";
      readonly tokens: ConnectionTokens;
      /** ISO 8601; null when it doesn't expire. */
      readonly expiresAt: string | null;
    }
  | { readonly type: "refused"; readonly code: string; readonly message: string };

const grantSchema = z.object({
  access_token: z.string().regex(/^\w{10,255}$/u),
  refresh_token: z
    .string()
    .regex(/^\w{10,255}$/u)
    .nullable()
    .catch(null),
  // As text, where it was sent as a form.
  expires_in: z.coerce.number().positive().max(1e9).nullable().catch(null),
});

const refusalSchema = z.object({
  error: z.string().regex(/^[a-z_]{1,60}$/u),
  error_description: z.string().catch(""),
});

/** These pass: https://datatracker.ietf.org/doc/html/rfc6749#section-4.1.2.1, and GitHub's own for too many requests. */
const PASSING: ReadonlySet<string> = new Set([
  "server_error",
  "temporarily_unavailable",
  "slow_down",
]);

/** How long GitHub documents that a token which is refreshed lasts. */
const USUAL_SECONDS = 28_800;

/**
 * Reads the body of an answer of `POST /login/oauth/access_token`, where errors come with status 200. Null when it's
 * neither a token nor a refusal.
 *
 * Whatever else is missing, a token is read: after a refresh the earlier one has ended.
 *
 * @param now when the request was sent: expiry counts from there
 */
export function readTokenAnswer(body: unknown, now: Date): TokenAnswer | null {
  const refusal = refusalSchema.safeParse(body).data;
  if (refusal !== undefined) {
    const { error: code, error_description: description } = refusal;
    return PASSING.has(code) ? null : { type: "refused", code, message: harmless(description) };
  }
  const grant = grantSchema.safeParse(body).data;
  if (grant === undefined) return null;
  const { access_token: token, refresh_token: refreshToken } = grant;
  const seconds = grant.expires_in ?? (refreshToken === null ? null : USUAL_SECONDS);
  return {
    type: "granted",
    tokens: { token, refreshToken },
    expiresAt: seconds === null ? null : new Date(now.getTime() + seconds * 1000).toISOString(),
  };
}

/** One line of GitHub's, without what looks like a token. */
function harmless(text: string): string {
  const line = text.slice(0, 1000).replaceAll(/[\s\p{C}]+/gu, " ");
  return withoutCredentials(line).text.slice(0, 200).trim();
}
