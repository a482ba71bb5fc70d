import type { GitHubAccount } from "../ports/administrators.ts";
import { ViewingTrouble } from "../ports/viewing.ts";
import type { GitHubApp } from "./app.ts";
import { isRequestError } from "./trouble.ts";

/**
 * Asks whose the App is; null for an enterprise's, which has no members that could be asked for. Rejects with a
 * `ViewingTrouble` when GitHub doesn't say.
 */
export async function findAppOwner(app: GitHubApp): Promise<GitHubAccount | null> {
  const octokit = await app.octokit();
  // Somebody waits in front of a browser, and may ask again.
  const once = { request: { retries: 0 } };
  const { data } = await octokit.rest.apps.getAuthenticated(once).catch(refuse);
  if (data === null || !("login" in data.owner)) return null;
  const { id, login, type } = data.owner;
  return { id, login, isOrganization: type === "Organization" };
}

function refuse(error: unknown): never {
  if (!isRequestError(error)) throw error;
  throw new ViewingTrouble("unreachable", `GitHub didn't say whose the App is (${error.status})`);
}
