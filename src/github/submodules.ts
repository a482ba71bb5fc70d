import { z } from "zod";
import type { Task } from "../core/task/task.ts";
import { workPlaceOf } from "../core/task/thread-place.ts";
import type {
  SubmoduleList,
  SubmoduleToken,
  Submodules,
  UnreadableRepository,
} from "../ports/github.ts";
import type { GitHubApp, InstallationOctokit } from "./app.ts";
import { ask } from "./graphql.ts";
import { repositoryTokenOf } from "./repository-token.ts";
import { isWithheld, unlessMissing } from "./trouble.ts";

type Unreadable = { readonly type: UnreadableRepository };

/** What sessions may read beside their own repository, through the App. */
export function createSubmodules(app: GitHubApp): Submodules {
  return {
    submodulesAt: (task, repository, commit) =>
      unlessWithheld(submodulesAt(app, task, repository, commit)),
    submoduleToken: (task, repository) => unlessWithheld(submoduleToken(app, task, repository)),
  };
}

const SUBMODULES = `query($owner: String!, $name: String!, $commit: GitObjectID!) {
  repository(owner: $owner, name: $name) {
    object(oid: $commit) {
      ... on Commit {
        submodules(first: 100) { totalCount nodes { path gitUrl subprojectCommitOid } }
      }
    }
  }
}`;

const answerSchema = z.object({
  repository: z.object({
    object: z
      .object({
        submodules: z
          .object({
            totalCount: z.number(),
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
): Promise<SubmoduleList | Unreadable> {
  const { owner } = workPlaceOf({ place });
  const variables = { owner, name, commit };
  const octokit = await app.questionsFor(place);
  const request = { query: SUBMODULES, variables, mayMiss: null, retries: 1 };
  const answer = await unlessMissing(ask(octokit, request));
  if (answer === null) return { type: "not_installed" };
  const { object } = answerSchema.parse(answer).repository;
  const { nodes = [], totalCount: count = 0 } = object?.submodules ?? {};
  const submodules = nodes.map(({ path, gitUrl: address, subprojectCommitOid }) => {
    return { path, address, commit: subprojectCommitOid };
  });
  return { type: "list", submodules, count };
}

async function submoduleToken(
  app: GitHubApp,
  { place, requester }: Pick<Task, "place" | "requester">,
  name: string,
): Promise<SubmoduleToken | Unreadable> {
  const { owner } = workPlaceOf({ place });
  const octokit = await app.octokitFor(place);
  const found = await unlessMissing(octokit.rest.repos.get({ owner, repo: name }));
  // A repository that was renamed is found under its new name, and may belong to somebody else by now.
  if (found?.data.owner.login.toLowerCase() !== owner.toLowerCase())
    return { type: "not_installed" };
  const { id, name: repository, private: isPrivate } = found.data;
  if (isPrivate && !(await canRead(octokit, { owner, repo: repository }, requester)))
    return { type: "requester_cannot_read" };
  const given = await repositoryTokenOf(app, place, { repository_ids: [id] }, "read");
  if (given.type !== "token") return { type: "not_installed" };
  return { type: "readable", repository, repositoryId: id, token: given.token };
}

async function canRead(
  octokit: InstallationOctokit,
  { owner, repo }: { readonly owner: string; readonly repo: string },
  { id, login }: Task["requester"],
): Promise<boolean> {
  const asked = { owner, repo, username: login };
  const found = await unlessMissing(octokit.rest.repos.getCollaboratorPermissionLevel(asked));
  // A login may be somebody else's by now.
  return found !== null && found.data.permission !== "none" && found.data.user?.id === id;
}

/** What keeps the App from one repository is no reason for a task to end. */
async function unlessWithheld<Answer>(asking: Promise<Answer>): Promise<Answer | Unreadable> {
  try {
    return await asking;
  } catch (error) {
    if (!isWithheld(error)) throw error;
    return { type: "refused" };
  }
}
