import type { ProbotOctokit } from "probot";
import { isRequestError } from "./trouble.ts";

/** What a client keeps for its installation: see “factory” in the README of @octokit/auth-app. */
interface Kept {
  readonly installationId: number;
  /** Tokens by the installation's id. */
  readonly cache: { set(key: string, token: string): unknown };
}

/**
 * GitHub can end an installation token before its hour is over: its key was deleted, the installation was
 * changed, somebody revoked it. The client keeps tokens for that hour, so a 401 takes a new one, and the
 * request is made once more. Nothing was done by a request that was answered with 401, so this is safe for
 * writes too. A second 401 is the answer. See
 * https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app.
 */
export const takeFreshToken: Plugin = (octokit) => {
  let forgottenAt = 0;

  /** The client takes a new one for the next request, from its own GitHub. */
  async function forgetToken(): Promise<void> {
    forgottenAt = performance.now();
    await octokit.auth({ type: "installation", factory: forget });
  }

  octokit.hook.wrap("request", async (request, options) => {
    const sentAt = performance.now();
    try {
      return await request(options);
    } catch (error) {
      if (!isOfInstallation(error)) throw error;
      // Requests that were under way together need one new token, not one each.
      if (forgottenAt <= sentAt) await forgetToken();
      return request(options);
    }
  });
};

/** What is empty counts as missing. */
function forget({ installationId, cache }: Kept): void {
  cache.set(String(installationId), "");
}

type Plugin = Parameters<typeof ProbotOctokit.plugin>[0];

/** The App's own JSON web token is made for each request: there is no better one. */
function isOfInstallation(error: unknown): boolean {
  if (!isRequestError(error) || error.status !== 401) return false;
  const authorization = error.request?.headers?.["authorization"];
  return typeof authorization === "string" && authorization.startsWith("token ");
}
