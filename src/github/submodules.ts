import { z } from "zod";
import type { Task } from "../core/task/task.ts";
import { workPlaceOf } from "../core/task/thread-place.ts";
import type { FoundSubmodule, SubmoduleToken, Submodules } from "../ports/github.ts";
import type { UnreadableRepository } from "../ports/github.ts";
import type { GitHubApp, InstallationOctokit } from "./app.ts";
import { ask } from "./graphql.ts";
import { isRequestError } from "./trouble.ts";

/** What sessions may read beside their own repository, through the App. */
export function createSubmodules(app: GitHubApp): Submodules {
  return {
    submodulesAt: (task, repository, commit) => submodulesAt(app, task, repository, commit),
    submoduleToken: (task, repository) => submoduleToken(app, task, repository),
  };
}

const SUBMODULES = `query($owner: String!, $name: String!, $commit: GitObjectID!) {
  repository(owner: $owner, name: $name) {
    object(oid: $commit) {
      ... on Commit { submodules(first: 100) { nodes { path gitUrl subprojectCommitOid } } }
    }
  }
}`;

const answerSchema = z.object({
  repository: z.object({
    object: z
      .object({
        submodules: z
          .object({
            nodes: z.array(
              z.object({
                path: z.string(),
                gitUrl: z.string(),
                subprojectCommitOid: z.string().nullable(),
              }),
            ),
          })
          .optional(),
      })
      .nullable(),
  }),
});

async function submodulesAt(
  app: GitHubApp,
  { place }: Pick<Task, "place">,
  name: string,
  commit: string,
): Promise<readonly FoundSubmodule[]> {
  const { owner } = workPlaceOf({ place });
  const variables = { owner, name, commit };
  const octokit = await app.questionsFor(place);
  const request = { query: SUBMODULES, variables, mayMiss: null, retries: 1 };
  const { repository } = answerSchema.parse(await ask(octokit, request));
  const nodes = repository.object?.submodules?.nodes ?? [];
  return nodes.map(({ path, gitUrl: address, subprojectCommitOid }) => {
    return { path, address, commit: subprojectCommitOid };
  });
}

async function submoduleToken(
  app: GitHubApp,
  { place, requester }: Pick<Task, "place" | "requester">,
  name: string,
): Promise<SubmoduleToken | { readonly type: UnreadableRepository }> {
  const { owner } = workPlaceOf({ place });
  const octokit = await app.octokitFor(place);
  const found = await orNone(octokit.rest.repos.get({ owner, repo: name }));
  // A repository that was renamed is found under its new name, and may belong to somebody else by now.
  if (found?.owner.login.toLowerCase() !== owner.toLowerCase()) return { type: "not_installed" };
  const { id, name: repository } = found;
  if (found.private && !(await canRead(octokit, { owner, repo: repository }, requester)))
    return { type: "requester_cannot_read" };
  const token = await tokenFor(app, place, id);
  if (token === null) return { type: "not_installed" };
  return { type: "readable", repository, repositoryId: id, token };
}

async function canRead(
  octokit: InstallationOctokit,
  { owner, repo }: { readonly owner: string; readonly repo: string },
  { id, login }: Task["requester"],
): Promise<boolean> {
  const asked = { owner, repo, username: login };
  const found = await orNone(octokit.rest.repos.getCollaboratorPermissionLevel(asked));
  // A login may be somebody else's by now.
  return found !== null && found.permission !== "none" && found.user?.id === id;
}

async function tokenFor(
  app: GitHubApp,
  place: Task["place"],
  repositoryId: number,
): Promise<string | null> {
  const octokit = await app.octokit();
  const installation_id = await app.installationOf(place);
  const permissions = { contents: "read", metadata: "read" } as const;
  const asked = { installation_id, repository_ids: [repositoryId], permissions };
  const given = await orNone(octokit.rest.apps.createInstallationAccessToken(asked));
  return given?.token ?? null;
}

/** What GitHub has; null where it says that there's none, or none that the App reaches. */
async function orNone<Data>(asking: Promise<{ readonly data: Data }>): Promise<Data | null> {
  try {
    return (await asking).data;
  } catch (error) {
    if (isRequestError(error) && (error.status === 404 || error.status === 422)) return null;
    throw error;
  }
}
