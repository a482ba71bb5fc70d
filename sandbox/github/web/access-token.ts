import type { IssuedToken } from "../oauth/tokens.ts";
import { findClient, redirectFor } from "../oauth/clients.ts";
import type { Client } from "../oauth/clients.ts";
import type { Parts } from "../parts.ts";
import type { Answer, Ask, Json } from "../shapes.ts";
import { json } from "../shapes.ts";

type Form = Readonly<Record<string, string | undefined>>;

/**
 * `POST /login/oauth/access_token`: a token for a code, or for a refresh token. Errors come with status 200
 * (https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors).
 */
export function giveAccessToken(ask: Ask, form: Form, parts: Parts): Answer {
  const client = findClient(form["client_id"], parts);
  const isKnown = client !== undefined && client.clientSecret === form["client_secret"];
  return encoded(
    ask,
    isKnown ? tokenFor(form, client, parts) : refusal("incorrect_client_credentials"),
  );
}

function tokenFor(form: Form, client: Client, { authorizations, clock }: Parts): Json {
  if (form["grant_type"] === "refresh_token") {
    const issued = authorizations.refresh(form["refresh_token"] ?? "", client);
    return issued === undefined ? refusal("bad_refresh_token") : granted(issued, clock.now());
  }
  const { grant_type = "authorization_code", code = "", redirect_uri, code_verifier } = form;
  if (grant_type !== "authorization_code") return refusal("unsupported_grant_type");
  const agreement = authorizations.agreementOf(code, client);
  if (agreement === undefined) return refusal("bad_verification_code");
  const expected = redirectFor(client, agreement.redirectUri);
  if (redirect_uri !== undefined && redirect_uri !== expected) {
    return refusal("redirect_uri_mismatch");
  }
  const issued = authorizations.exchange(code, agreement, code_verifier);
  return issued === undefined ? refusal("bad_verification_code") : granted(issued, clock.now());
}

function granted(issued: IssuedToken, now: number): Json {
  const { token, scopes, expiresAt, refreshToken, refreshExpiresAt } = issued;
  const secondsUntil = (at: number) => Math.round((at - now) / 1000);
  return {
    access_token: token,
    ...(expiresAt === null ? {} : { expires_in: secondsUntil(expiresAt) }),
    ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
    ...(refreshExpiresAt === null
      ? {}
      : { refresh_token_expires_in: secondsUntil(refreshExpiresAt) }),
    token_type: "bearer",
    scope: scopes.join(","),
  };
}

const DESCRIPTIONS = {
  incorrect_client_credentials: "The client_id and/or client_secret passed are incorrect.",
  redirect_uri_mismatch:
    "The redirect_uri MUST match the registered callback URL for this application.",
  bad_verification_code: "The code passed is incorrect or expired.",
  bad_refresh_token: "The refresh token passed is incorrect or expired.",
  unsupported_grant_type: "The grant_type is not supported.",
} as const;

function refusal(error: keyof typeof DESCRIPTIONS): Json {
  const page = "/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/";
  const error_uri = `https://docs.github.com${page}#${error.replaceAll("_", "-")}`;
  return { error, error_description: DESCRIPTIONS[error], error_uri };
}

/** As a form, unless JSON is asked for. */
function encoded({ accept = "" }: Ask, answer: Json): Answer {
  if (accept.includes("json")) return json(200, answer);
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(answer)) fields.set(name, String(value));
  const text = fields.toString();
  const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
  return { status: 200, headers, body: Buffer.from(text) };
}
