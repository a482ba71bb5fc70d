import type { IssuedToken } from "../oauth/tokens.ts";
import type { Client } from "../oauth/clients.ts";
import { findClient } from "../oauth/clients.ts";
import type { Asked } from "../parts.ts";
import { accountOf } from "../rest/accounts.ts";
import { urlsOf } from "../rest/urls.ts";
import type { Answer, Json } from "../shapes.ts";
import { failure, json, timestamp } from "../shapes.ts";
import { accountOf as accountWith } from "../state/state.ts";
import type { AppRoute } from "./app.ts";
import { bodyOf, invalid, NO_CONTENT, NOT_FOUND } from "./route.ts";

/**
 * What a client asks about the tokens that it was given, with its id and secret as user and password
 * (https://docs.github.com/rest/apps/oauth-applications).
 */
export const APPLICATION_ROUTES: readonly AppRoute[] = [
  ofToken("POST /applications/{client_id}/token", (issued, client, asked) =>
    json(200, authorizationOf(issued, client, asked)),
  ),
  ofToken("DELETE /applications/{client_id}/token", (issued, _client, { authorizations }) => {
    authorizations.tokens.revoke(issued);
    return NO_CONTENT;
  }),
  ofToken(
    "DELETE /applications/{client_id}/grant",
    ({ login }, { clientId }, { authorizations }) => {
      authorizations.revoke(clientId, login);
      return NO_CONTENT;
    },
  ),
];

function ofToken(
  operation: string,
  answer: (issued: IssuedToken, client: Client, asked: Asked) => Answer,
): AppRoute {
  return {
    operation,
    isForApp: false,
    permissions: [],
    answer(asked) {
      const client = findClient(asked.parameters["client_id"], asked);
      if (client === undefined) return NOT_FOUND;
      const { clientId, clientSecret } = client;
      const expected = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
      const [, given] = /^basic (.+)$/i.exec(asked.ask.authorization ?? "") ?? [];
      if (given !== expected) return failure(401, "Bad credentials");
      const { access_token } = bodyOf<{ readonly access_token: string }>(asked);
      if (access_token === undefined) return invalid("OauthAccess", "access_token", "missing");
      const issued = asked.authorizations.tokens.find(access_token);
      return issued?.clientId === clientId ? answer(issued, client, asked) : NOT_FOUND;
    },
  };
}

function authorizationOf(
  { id, token, scopes, login, createdAt, expiresAt }: IssuedToken,
  { clientId, name }: Client,
  { host, state }: Asked,
): Json {
  const { api, web } = urlsOf(host);
  const created_at = timestamp(new Date(createdAt));
  return {
    id,
    url: `${api}/authorizations/${id}`,
    app: { client_id: clientId, name, url: web },
    token,
    hashed_token: null,
    token_last_eight: token.slice(-8),
    note: null,
    note_url: null,
    fingerprint: null,
    scopes,
    created_at,
    updated_at: created_at,
    expires_at: expiresAt === null ? null : timestamp(new Date(expiresAt)),
    user: accountOf(host, accountWith(state, login)),
  };
}
