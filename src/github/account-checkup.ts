import { Octokit } from "@octokit/rest";
import { withinTimeLimit } from "./app.ts";
import type { RepositoryName } from "./app-facts.ts";
import { unlessMissing } from "./trouble.ts";

/** What the Copilot account can find out about itself. Rejects when GitHub does not answer as asked. */
export interface AccountCheckup {
  account(): Promise<{
    readonly login: string;
    /** When its token ends, as GitHub writes it; null if GitHub doesn't say. */
    readonly tokenExpires: string | null;
  }>;
  /** Null when the account does not see the repository. */
  access(name: RepositoryName): Promise<{ readonly push: boolean } | null>;
}

/** Requests in the name of the Copilot account; all of them only read. */
export function createAccountCheckup(token: string, baseUrl: string): AccountCheckup {
  const request = { fetch: withinTimeLimit };
  const octokit = new Octokit({ auth: token, baseUrl, log: SILENT, request });
  return {
    async account() {
      const { data, headers } = await octokit.rest.users.getAuthenticated();
      const expires = headers["github-authentication-token-expiration"];
      return { login: data.login, tokenExpires: typeof expires === "string" ? expires : null };
    },
    async access({ owner, repository: repo }) {
      const found = await unlessMissing(octokit.rest.repos.get({ owner, repo }));
      return found === null ? null : { push: found.data.permissions?.push === true };
    },
  };
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
