import type { Administrators, GitHubAccount } from "../ports/administrators.ts";
import { ViewingTrouble } from "../ports/viewing.ts";
import type { Person } from "../core/identity/connection.ts";
import type { GitHubApp } from "./app.ts";
import { isRequestError, troubleOf } from "./trouble.ts";

/** Somebody waits in front of a browser, and may ask again. */
const ONCE = { request: { retries: 0 } };

/** Asks organizations for their owners, as the App's installation there. */
export function createAdministrators(app: GitHubApp): Administrators {
  async function installationOf({ login: org }: GitHubAccount): Promise<number> {
    const octokit = await app.octokit();
    return (await octokit.rest.apps.getOrgInstallation({ ...ONCE, org })).data.id;
  }

  async function owns(person: Person, account: GitHubAccount, installationId: number) {
    const place = { owner: account.login, repository: "", repositoryId: 0, installationId };
    const octokit = await app.questionsFor(place);
    const asked = { ...ONCE, org: account.login, username: person.login };
    const { data } = await octokit.rest.orgs.getMembershipForUser(asked);
    const { organization, role, state, user } = data;
    const isAboutThem = organization.id === account.id && user?.id === person.id;
    return isAboutThem && state === "active" && role === "admin";
  }

  return {
    async administers(person, account, installationId) {
      if (!account.isOrganization) return account.id === person.id;
      try {
        return await owns(person, account, installationId ?? (await installationOf(account)));
      } catch (error) {
        return withoutAnswer(error);
      }
    },
  };
}

/** GitHub says 404 of somebody who isn't a member, and refuses an App without the permission, or suspended. */
function withoutAnswer(error: unknown): false {
  if (!isRequestError(error)) throw error;
  const { status } = error;
  const { type } = troubleOf(error, new Date()) ?? {};
  // The App's own authentication says nothing about a person.
  if (type !== "unreachable" && type !== "unauthorized") return false;
  throw new ViewingTrouble("unreachable", `GitHub didn't say who owns an organization (${status})`);
}
