import { Octokit } from "@octokit/rest";
import { withinTimeLimit } from "./app.ts";

/** What a user's token is refused, as far as GitHub's documented endpoints tell. */
export type Diagnosis = "bad_credentials" | "repository_not_found";

/**
 * Asks GitHub, with the token that a session was refused for, whether the token is any good and
 * whether it sees the repository. Null when both are well, or when GitHub does not tell.
 */
export async function diagnose(
  request: { readonly token: string; readonly owner: string; readonly repository: string },
  baseUrl: string,
): Promise<Diagnosis | null> {
  const octokit = new Octokit({
    auth: request.token,
    baseUrl,
    log: SILENT,
    request: { fetch: withinTimeLimit },
  });
  const { owner, repository: repo } = request;
  const user = await statusOf(() => octokit.rest.users.getAuthenticated());
  if (user === 401) return "bad_credentials";
  const seen = await statusOf(() => octokit.rest.repos.get({ owner, repo }));
  return seen === 404 ? "repository_not_found" : null;
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** The status of an answer; null when there was none. */
async function statusOf(ask: () => Promise<{ status: number }>): Promise<number | null> {
  try {
    return (await ask()).status;
  } catch (error) {
    return error instanceof Error && "status" in error && typeof error.status === "number"
      ? error.status
      : null;
  }
}
