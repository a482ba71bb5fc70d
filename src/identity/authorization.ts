import {
  exchangeWebFlowCode,
  getWebFlowAuthorizationUrl,
  refreshToken,
} from "@octokit/oauth-methods";
import type { GitHubHosts } from "../core/github/hosts.ts";
import type { TokenKind } from "../core/identity/connection.ts";
import type { AccountAnswer } from "../core/identity/copilot-account.ts";
import { readTokenAnswer } from "../core/identity/token-answer.ts";
import type { Authorization, Granted } from "../ports/authorization.ts";
import type { Log } from "../ports/log.ts";
import type { OAuthClient } from "./token-ends.ts";
import { createTokenEnds, sentenceOf } from "./token-ends.ts";
import { createExaminer } from "./examination.ts";
import type { NoAnswer, ReceivedAnswer, SendRequest } from "./requests.ts";
import { answerTo, createSendRequest } from "./requests.ts";

/** What is needed to ask people for their authorization. */
export interface AuthorizationSettings {
  readonly app: OAuthClient;
  /** Null where people authorize the GitHub App itself. */
  readonly oauthApp: (OAuthClient & { readonly scopes: readonly string[] }) | null;
  /** Where GitHub sends people back to, exactly as it's registered. */
  readonly callbackUrl: string;
  readonly hosts: GitHubHosts;
  /** Copilot's own look-up of a token's account. Rejects when there's no answer. */
  readonly lookUpAccount: (token: string) => Promise<AccountAnswer>;
  readonly log: Pick<Log, "warn">;
  readonly now?: () => Date;
  /** For each request to GitHub. */
  readonly timeLimitMs?: number;
}

/** Somebody waits in front of a browser, or a task for its token. */
const TIME_LIMIT_MS = 10_000;

/** GitHub's user authorization over its documented endpoints. Asks nothing yet. */
export function createAuthorization(settings: AuthorizationSettings): Authorization {
  const { app, oauthApp, callbackUrl: redirectUrl, hosts, log } = settings;
  const { now = () => new Date(), timeLimitMs = TIME_LIMIT_MS } = settings;
  const request = createSendRequest(hosts.rest, timeLimitMs);
  const clients: Readonly<Record<TokenKind, OAuthClient | null>> = {
    app,
    oauth_app: oauthApp,
    personal: null,
  };

  async function granted(send: (request: SendRequest) => Promise<unknown>): Promise<Granted> {
    const sentAt = now();
    const answer = await answerTo(request, send);
    return grantIn(answer, sentAt);
  }

  return {
    kind: oauthApp === null ? "app" : "oauth_app",
    authorizeUrl: (options) => addressFor(options, request, settings),
    exchange(code, verifier) {
      const { clientId, clientSecret } = oauthApp ?? app;
      return granted((sender) =>
        exchangeWebFlowCode({
          clientType: "oauth-app",
          clientId,
          clientSecret,
          code,
          redirectUrl,
          request: sender.defaults({ code_verifier: verifier }),
        }),
      );
    },
    async refresh(token) {
      const { clientId, clientSecret } = app;
      const client = { clientType: "github-app", clientId, clientSecret } as const;
      const outcome = await granted((sender) =>
        refreshToken({ ...client, refreshToken: token, request: sender }),
      );
      // The administrator's mistake: it must not end anybody's connection.
      const isOurs = outcome.type === "refused" && outcome.code === "incorrect_client_credentials";
      return isOurs ? { type: "unreachable", message: WRONG_CLIENT } : outcome;
    },
    ...createExaminer({ ...settings, request }),
    ...createTokenEnds({ clients, request, log }),
  };
}

/** GitHub's page on which a person agrees. */
function addressFor(
  { state, challenge, neededLogin = null }: Parameters<Authorization["authorizeUrl"]>[0],
  request: SendRequest,
  { app, oauthApp, callbackUrl }: AuthorizationSettings,
): string {
  const login = neededLogin === null ? {} : { login: neededLogin };
  const common = { redirectUrl: callbackUrl, state, request, ...login };
  const address =
    oauthApp === null
      ? getWebFlowAuthorizationUrl({ ...common, clientType: "github-app", clientId: app.clientId })
      : getWebFlowAuthorizationUrl({
          ...common,
          clientType: "oauth-app",
          clientId: oauthApp.clientId,
          scopes: [...oauthApp.scopes],
        });
  const url = new URL(address.url);
  url.searchParams.set("code_challenge", challenge);
  url.searchParams.set("code_challenge_method", "S256");
  if (neededLogin !== null) url.searchParams.set("prompt", "select_account");
  return url.href;
}

const WRONG_CLIENT =
  "GitHub doesn't accept GITHUB_CLIENT_ID with GITHUB_CLIENT_SECRET (incorrect_client_credentials)";

function grantIn(answer: ReceivedAnswer | NoAnswer, sentAt: Date): Granted {
  const read = "status" in answer ? readTokenAnswer(answer.data, sentAt) : null;
  return read ?? { type: "unreachable", message: sentenceOf(answer) };
}
