import type { Task } from "../core/task/task.ts";
import type { NotPermitted, RepositoryToken } from "../ports/github.ts";
import type { GitHubApp } from "./app.ts";
import { permissionRefusalOf } from "./ungranted-permission.ts";
import { isRefusedWith } from "./trouble.ts";

/** One repository of an installation, as the request for a token has it. */
type OneRepository = { readonly repository_ids: [number] } | { readonly repositories: [string] };

const NOT_GRANTED = /permissions requested are not granted/iu;
const NOT_INSTALLED = /repository that does not exist or is not accessible/iu;

/** A new token for the contents of one repository in the installation of a task's repository. It lasts an hour. */
export async function repositoryTokenOf(
  app: GitHubApp,
  place: Task["place"],
  repository: OneRepository,
  level: "read" | "write",
): Promise<RepositoryToken | NotPermitted> {
  const octokit = await app.octokit();
  const installation_id = await app.installationOf(place);
  const permissions = { contents: level, metadata: "read" } as const;
  try {
    const asked = { installation_id, ...repository, permissions };
    const { data } = await octokit.rest.apps.createInstallationAccessToken(asked);
    return { type: "token", token: data.token, expiresAt: data.expires_at };
  } catch (error) {
    if (isRefusedWith(error, 422, NOT_INSTALLED)) return { type: "not_permitted", missing: null };
    if (!isRefusedWith(error, 422, NOT_GRANTED)) throw error;
    return permissionRefusalOf(app, {
      installation_id,
      needed: { name: "contents", level },
      error,
    });
  }
}
