import { checkToken, deleteAuthorization, deleteToken } from "@octokit/oauth-methods";
import type { TokenKind } from "../core/identity/connection.ts";
import type { Authorization } from "../ports/authorization.ts";
import type { Log } from "../ports/log.ts";
import type { NoAnswer, ReceivedAnswer, SendRequest } from "./requests.ts";
import { answerTo } from "./requests.ts";

/** An App that people authorize. */
export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

interface TokenEndsSettings {
  /** Null for tokens that no App has to do with. */
  readonly clients: Readonly<Record<TokenKind, OAuthClient | null>>;
  readonly request: SendRequest;
  readonly log: Pick<Log, "warn">;
}

/** Ends tokens at GitHub, and finds out whether they have ended. */
export function createTokenEnds({
  clients,
  request,
  log,
}: TokenEndsSettings): Pick<Authorization, "revoke" | "withdraw" | "stateOf"> {
  async function revoke(token: string, kind: TokenKind): Promise<void> {
    const client = clients[kind];
    if (client === null) return;
    const answer = await answerTo(request, (sender) =>
      deleteToken({ ...clientOf(client), token, request: sender }),
    );
    if (hasEnded(answer)) return;
    log.warn({ kind, reason: sentenceOf(answer) }, "token not revoked at GitHub");
  }

  return {
    revoke,
    async withdraw(token, kind) {
      const client = clients[kind];
      if (client === null) return true;
      const answer = await answerTo(request, (sender) =>
        deleteAuthorization({ ...clientOf(client), token, request: sender }),
      );
      if (hasEnded(answer)) return answer.status === 204;
      log.warn({ kind, reason: sentenceOf(answer) }, "authorization not deleted at GitHub");
      await revoke(token, kind);
      return true;
    },
    async stateOf(token, kind) {
      const client = clients[kind];
      const answer = await answerTo(request, (sender) =>
        client === null
          ? sender("GET /user", { headers: { authorization: `Bearer ${token}` } })
          : checkToken({ ...clientOf(client), token, request: sender }),
      );
      if (!("status" in answer)) return "unknown";
      if (answer.status === 200) return "alive";
      // For a client's own, 401 means that its secret is wrong.
      const ended = client === null ? [401] : [404, 422];
      return ended.includes(answer.status) ? "ended" : "unknown";
    },
  };
}

function clientOf({ clientId, clientSecret }: OAuthClient) {
  return { clientType: "oauth-app", clientId, clientSecret } as const;
}

/** 404 and 422: it had ended before. */
function hasEnded(answer: ReceivedAnswer | NoAnswer): answer is ReceivedAnswer {
  return "status" in answer && [204, 404, 422].includes(answer.status);
}

/** Why an answer is none, without anything that was sent. */
export function sentenceOf(answer: ReceivedAnswer | NoAnswer): string {
  return "status" in answer
    ? `GitHub's answer couldn't be read (status ${answer.status})`
    : answer.reason;
}
