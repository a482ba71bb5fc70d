import type { GitHubTroubleType } from "../core/github/trouble.ts";
import type { RepositoryLabels } from "../ports/labels.ts";
import type { RepositoryAddress } from "../ports/viewing.ts";
import { ViewingTrouble } from "../ports/viewing.ts";
import type { GitHubApp } from "./app.ts";
import { isRequestError, troubleOf } from "./trouble.ts";

/** GitHub's purple. */
const COLOR = "8250df";
/** A repository with more labels has some that are taken for missing; GitHub then says that they exist. */
const MAX_PAGES = 10;
const PER_PAGE = 100;
/** Somebody waits in front of a browser. */
const ONCE = { request: { retries: 0 } };

/** Labels through the App. */
export function createRepositoryLabels(app: Pick<GitHubApp, "octokitFor">): RepositoryLabels {
  const clientFor = ({ owner, name }: RepositoryAddress, installationId: number) =>
    app.octokitFor({ owner, repository: name, repositoryId: 0, installationId });

  return {
    async names(repository, installationId) {
      const names: string[] = [];
      const asked = { ...ONCE, owner: repository.owner, repo: repository.name, per_page: PER_PAGE };
      try {
        const octokit = await clientFor(repository, installationId);
        for (let page = 1; page <= MAX_PAGES; page += 1) {
          const { data } = await octokit.rest.issues.listLabelsForRepo({ ...asked, page });
          names.push(...data.map(({ name }) => name));
          if (data.length < PER_PAGE) break;
        }
        return names;
      } catch (error) {
        if (refusalOf(error) !== null) return null;
        throw withoutAnswer(error);
      }
    },
    async create(repository, installationId, { name, description }) {
      const { owner, name: repo } = repository;
      const label = { name, description, color: COLOR };
      try {
        const octokit = await clientFor(repository, installationId);
        await octokit.rest.issues.createLabel({ ...ONCE, owner, repo, ...label });
        return "created";
      } catch (error) {
        if (isRequestError(error) && saysThatItExists(error)) return "exists";
        const refusal = refusalOf(error);
        if (refusal !== null) return refusal === "not_permitted" ? refusal : "refused";
        throw withoutAnswer(error);
      }
    },
  };
}

/** Why GitHub says no, if it would say so again. */
function refusalOf(error: unknown): GitHubTroubleType | null {
  const { type = "unreachable" } = troubleOf(error, new Date()) ?? {};
  return type === "unreachable" || type === "unauthorized" ? null : type;
}

function withoutAnswer(error: unknown): unknown {
  if (!isRequestError(error)) return error;
  const message = `GitHub didn't answer about labels (${error.status})`;
  return new ViewingTrouble("unreachable", message, { cause: error });
}

/** https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed */
function saysThatItExists({ status, message }: Error & { readonly status: number }): boolean {
  return status === 422 && message.includes("already_exists");
}
