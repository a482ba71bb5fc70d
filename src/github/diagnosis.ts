import { Octokit } from "@octokit/rest";
import type { Failure } from "../core/task/failure.ts";
import { failureOf } from "../core/session/refusal.ts";
import { withinTimeLimit } from "./app.ts";
import { isRequestError } from "./trouble.ts";

/** What a user's token is refused for, as far as GitHub's documented endpoints say. */
export type TokenDiagnosis = Pick<Failure, "code" | "cause" | "nothingCreated">;

/**
 * Asks GitHub, with the token that a session was refused for, whether the token is any good and
 * whether it sees the repository. Null when both are well, or when GitHub doesn't say.
 */
export async function diagnose(
  request: { readonly token: string; readonly owner: string; readonly repository: string },
  baseUrl: string,
): Promise<TokenDiagnosis | null> {
  const octokit = new Octokit({
    auth: request.token,
    baseUrl,
    log: SILENT,
    request: { fetch: withinTimeLimit },
  });
  const { owner, repository } = request;
  const asked = { owner, repository };
  const ofToken = await refusalOf(() => octokit.rest.users.getAuthenticated(), asked);
  if (ofToken !== null) return ofToken;
  const ask = () => octokit.rest.repos.get({ owner, repo: repository });
  return refusalOf(ask, asked);
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** Why GitHub refuses an answer; null when it doesn't, or doesn't say why. */
async function refusalOf(
  ask: () => Promise<unknown>,
  asked: { readonly owner: string; readonly repository: string },
): Promise<TokenDiagnosis | null> {
  try {
    await ask();
    return null;
  } catch (error) {
    if (!isRequestError(error)) return null;
    const { message, status } = error;
    // https://docs.github.com/rest/authentication/authenticating-to-the-rest-api
    const needsSignOn = error.response?.headers?.["x-github-sso"] !== undefined;
    const reason = needsSignOn ? "sso_required" : undefined;
    const { code, cause } = failureOf({ message, status, reason, asked }, []);
    // What passes says nothing about why the session was refused a moment ago.
    if (status >= 500 || code === "unknown" || code === "rate_limited") return null;
    return { code, nothingCreated: true, ...(cause === undefined ? {} : { cause }) };
  }
}
