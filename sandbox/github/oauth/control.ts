import type { Parts } from "../parts.ts";
import { accountOf } from "../rest/accounts.ts";
import { app } from "../seed.ts";
import type { Answer } from "../shapes.ts";
import { accountOf as accountWith } from "../state/state.ts";
import type { Refresh } from "./authorizations.ts";
import type { Client, OAuthApp } from "./clients.ts";
import { appSecret, findClient } from "./clients.ts";
import type { CopilotSeat } from "./copilot.ts";
import type { IssuedToken, Lifetimes } from "./tokens.ts";

/** What people authorize, and what tests change about it. The App's callback URLs are in `app.callbackUrls`. */
export interface OAuthControl {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly oauthApp: OAuthApp;
  /** Of the App's tokens: 8 hours, and 15,897,600 seconds for refresh tokens, unless set. Tokens keep what they got. */
  readonly lifetimes: Lifetimes;
  /** The refreshes that succeeded, in order. */
  readonly refreshes: readonly Refresh[];
  /** Tokens as at the end of the web flow, without a browser; the App's unless another kind is named. */
  authorize(
    login: string,
    kind?: Client["kind"],
    scopes?: readonly string[],
  ): Pick<IssuedToken, "token" | "refreshToken">;
  /** A fine-grained personal access token, with or without the permission "Copilot Requests". */
  personalToken(login: string, options?: { readonly copilotRequests?: boolean }): string;
  /** The person revokes the App in their settings; resolves when the bot has answered the webhook. */
  revoke(login: string): Promise<void>;
  /** Somebody's Copilot, to be read and changed. */
  copilotOf(login: string): CopilotSeat;
  /** Whether Copilot takes the tokens of GitHub Apps. */
  takesAppTokens: boolean;
  /**
   * The answer to `GET /copilot_internal/user` with a token, for a Mission Control that looks tokens up here.
   *
   * @param api base URL of the Copilot API
   */
  readonly lookUpCopilot: (token: string | undefined, api: string) => Answer;
}

/** Lets tests and the demo act as people and owners. */
export function oauthControl(parts: Parts): OAuthControl {
  const { authorizations, copilot, deliveries, host, oauthApp, state } = parts;

  function clientOf(kind: Client["kind"]): Client {
    const client = findClient(kind === "app" ? app.client_id : oauthApp.clientId, parts);
    if (client === undefined) throw new Error(`There is no ${kind}`);
    return client;
  }

  return {
    clientId: app.client_id,
    clientSecret: appSecret,
    oauthApp,
    lifetimes: authorizations.tokens.lifetimes,
    refreshes: authorizations.refreshes,
    authorize(login, kind = "app", scopes = []) {
      const client = clientOf(kind);
      const nothing = { redirectUri: undefined, challenge: undefined };
      const agreement = { client, login: accountWith(state, login).login, scopes, ...nothing };
      const issued = authorizations.exchange(authorizations.agree(agreement), agreement, undefined);
      if (issued === undefined) throw new Error("The code has a challenge");
      return issued;
    },
    personalToken: (login, { copilotRequests = true } = {}) =>
      authorizations.tokens.issuePersonal(accountWith(state, login).login, copilotRequests).token,
    async revoke(login) {
      const person = accountWith(state, login);
      authorizations.revoke(app.client_id, person.login);
      const payload = { action: "revoked", sender: accountOf(host, person) };
      // Every App gets this event, and can't unsubscribe from it.
      await deliveries.send({ event: "github_app_authorization", action: "revoked", payload });
    },
    copilotOf: (login) => copilot.seatOf(accountWith(state, login).login),
    get takesAppTokens() {
      return copilot.takesAppTokens;
    },
    set takesAppTokens(takes) {
      copilot.takesAppTokens = takes;
    },
    lookUpCopilot: (token, api) => copilot.answer(token, api),
  };
}
