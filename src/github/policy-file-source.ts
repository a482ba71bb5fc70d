import type { PolicyFileSource } from "../ports/policies-in-force.ts";
import type { GitHubApp } from "./app.ts";
import { ask } from "./graphql.ts";
import { POLICY_FILES, policyFilesSchema } from "./survey-query.ts";
import { versionFrom } from "./survey.ts";
import { httpError, isRequestError } from "./trouble.ts";

/** Policy files through the App: one query, which costs one point of the installation's 5,000 an hour. */
export function createPolicyFileSource(app: GitHubApp): PolicyFileSource {
  return {
    async find({ owner, name, id: repositoryId }, installationId) {
      const place = { owner, repository: name, repositoryId, installationId };
      const variables = { owner, name };
      const request = { query: POLICY_FILES, variables, mayMiss: "defaults", retries: 0 };
      try {
        const octokit = await app.questionsFor(place);
        const answer = policyFilesSchema.parse(await ask(octokit, request));
        const { repository, defaults } = answer;
        if (repository?.databaseId !== repositoryId) throw httpError(404, "It isn't there anymore");
        return {
          defaultBranch: repository.defaultBranchRef?.name ?? null,
          isArchived: repository.isArchived,
          policy: {
            repository: versionFrom(repository),
            organization: defaults === null ? null : versionFrom(defaults),
          },
        };
      } catch (error) {
        if (isRequestError(error) && error.status === 404) return null;
        throw error;
      }
    },
  };
}
