import { escapeUTF8 } from "entities";
import type { Client } from "../oauth/clients.ts";
import { findClient, redirectFor } from "../oauth/clients.ts";
import type { Parts } from "../parts.ts";
import type { Answer, Ask } from "../shapes.ts";
import { hidden, NO_PAGE, page, redirect } from "./html.ts";
import { toSignIn } from "./sign-in.ts";

/** Of `/login/oauth/authorize`. */
type Query = Readonly<Record<string, string | undefined>>;

interface Request {
  readonly client: Client;
  readonly login: string;
  /** Where the person is sent back to. */
  readonly callback: string;
  readonly query: Query;
  readonly scopes: readonly string[];
}

/**
 * `GET /login/oauth/authorize`: asks the person who is signed in. Who has authorized the client already isn't asked
 * again; the flow goes on.
 */
export function showAuthorize(ask: Ask, parts: Parts): Answer {
  const query = Object.fromEntries(new URLSearchParams(ask.query));
  const login = parts.signIns.of(ask);
  if (login === undefined || query["prompt"] === "select_account") {
    return findClient(query["client_id"], parts) === undefined ? NO_PAGE : toSignIn(ask);
  }
  const request = read(query, login, parts);
  if ("status" in request) return request;
  const { client, scopes } = request;
  if (parts.authorizations.isGranted(client, login, scopes)) return agree(request, parts);
  const name = escapeUTF8(client.name);
  const wanted = scopes.length === 0 ? "" : `<p>Scopes: ${escapeUTF8(scopes.join(", "))}</p>`;
  const again = escapeUTF8(
    `/login?${new URLSearchParams({ return_to: ask.path + ask.query }).toString()}`,
  );
  return page(
    200,
    `Authorize ${client.name}`,
    `<p>${name} wants to act as you, <b>${escapeUTF8(login)}</b>.</p>
${wanted}<form method="post" action="/login/oauth/authorize">
${hidden(query)}
<button name="authorize" value="1">Authorize</button>
<button name="authorize" value="0">Cancel</button>
</form>
<p><a href="${again}">Use another account</a></p>`,
  );
}

/** `POST /login/oauth/authorize`: what the person decided. */
export function decideAuthorize(ask: Ask, form: Query, parts: Parts): Answer {
  const login = parts.signIns.of(ask);
  if (login === undefined) return toSignIn(ask);
  const request = read(form, login, parts);
  if ("status" in request) return request;
  return form["authorize"] === "1" ? agree(request, parts) : backWith(request, ACCESS_DENIED);
}

/** The request, or why there's none: https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-authorization-request-errors. */
function read(query: Query, login: string, parts: Parts): Request | Answer {
  const client = findClient(query["client_id"], parts);
  if (client === undefined) return NO_PAGE;
  const first = redirectFor(client, undefined);
  if (first === undefined) return page(400, "No callback URL", "<p>The client has none.</p>");
  const callback = redirectFor(client, query["redirect_uri"]);
  const asked = query["scope"]?.split(/[\s,]+/).filter((scope) => scope !== "") ?? [];
  // An App's permissions are its own; it has no scopes.
  const scopes = client.kind === "app" ? [] : asked;
  const request = { client, login, callback: callback ?? first, query, scopes };
  if (callback === undefined) return backWith(request, REDIRECT_URI_MISMATCH);
  const { code_challenge: challenge, code_challenge_method: method } = query;
  const isFine = challenge === undefined || (method === "S256" && challenge.length === 43);
  return isFine ? request : backWith(request, INVALID_CHALLENGE);
}

function agree(request: Request, { authorizations }: Parts): Answer {
  const { client, login, query, scopes } = request;
  const { redirect_uri: redirectUri, code_challenge: challenge } = query;
  const code = authorizations.agree({ client, login, scopes, redirectUri, challenge });
  return backWith(request, { code });
}

const ERRORS =
  "/apps/building-integrations/setting-up-and-registering-oauth-apps/troubleshooting-authorization-request-errors/";

const ACCESS_DENIED = {
  error: "access_denied",
  error_description: "The user has denied your application access.",
  error_uri: `${ERRORS}#access-denied`,
};

const REDIRECT_URI_MISMATCH = {
  error: "redirect_uri_mismatch",
  error_description:
    "The redirect_uri MUST match the registered callback URL for this application.",
  error_uri: `${ERRORS}#redirect-uri-mismatch`,
};

/** GitHub documents what a challenge must be, and not what it answers to another one. */
const INVALID_CHALLENGE = {
  error: "invalid_request",
  error_description: "The code_challenge MUST be 43 characters, with the method S256.",
};

function backWith(
  { callback, query }: Request,
  parameters: Readonly<Record<string, string>>,
): Answer {
  const url = new URL(callback);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const { state } = query;
  if (state !== undefined) url.searchParams.set("state", state);
  return redirect(url.href);
}
