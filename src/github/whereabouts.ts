import type { ThreadPlace, Whereabouts } from "../core/task/thread-place.ts";
import type { Task } from "../core/task/task.ts";
import type { Locator } from "../ports/github.ts";
import type { GitHubApp, InstallationOctokit } from "./app.ts";
import { httpError, isRequestError, unlessMissing } from "./trouble.ts";

/** A locator through the App. */
export function createLocator(app: GitHubApp): Locator {
  return {
    async whereabouts(task) {
      const { owner, repository: repo } = task.place;
      const asApp = await app.octokit();
      const asked = asApp.rest.apps.getRepoInstallation({ owner, repo });
      const installation = (await unlessMissing(asked))?.data;
      if (installation === undefined) return { type: "not_installed" };
      if ((installation.suspended_at ?? null) !== null) return { type: "suspended" };
      const octokit = await app.octokitFor({ ...task.place, installationId: installation.id });
      return locate(octokit, task, installation.id);
    },
  };
}

async function locate(
  octokit: InstallationOctokit,
  task: Task,
  installationId: number,
): Promise<Whereabouts> {
  const { owner, repository: repo } = task.place;
  const { number: issue_number } = task.subject;
  const home = await repositoryOf(octokit, owner, repo);
  // A name can be taken over by another repository, and so can an issue's number in it.
  if (home === null || home.repositoryId !== task.place.repositoryId) return { type: "unseen" };
  let issue;
  try {
    // GitHub leads from a transferred issue to where it is now, and from nothing else of it
    // (https://docs.github.com/rest/issues/issues#get-an-issue).
    issue = await octokit.rest.issues.get({ owner, repo, issue_number });
  } catch (error) {
    const status = isRequestError(error) ? error.status : 0;
    if (status === 410) return { type: "deleted" };
    if (status === 404) return { type: "unseen" };
    throw error;
  }
  const place = placeIn(issue.data.repository_url);
  const isHome = place.owner === home.owner && place.repository === home.repository;
  const found = isHome ? home : await repositoryOf(octokit, place.owner, place.repository);
  if (found === null) return { type: "unseen" };
  const to = { ...found, installationId, subjectNumber: issue.data.number };
  return isSame(task, to) ? { type: "here" } : { type: "moved", to };
}

async function repositoryOf(octokit: InstallationOctokit, owner: string, repo: string) {
  const found = await unlessMissing(octokit.rest.repos.get({ owner, repo }));
  if (found === null) return null;
  const { id: repositoryId, name: repository, owner: account } = found.data;
  return { repositoryId, repository, owner: account.login, ownerId: account.id };
}

/** The repository that a URL of the REST API names. */
function placeIn(url: string): Pick<ThreadPlace, "owner" | "repository"> {
  const { owner, repository } =
    /\/repos\/(?<owner>[^/]+)\/(?<repository>[^/]+)$/u.exec(url)?.groups ?? {};
  if (owner === undefined || repository === undefined) {
    throw httpError(502, "GitHub named no repository of the issue");
  }
  return { owner, repository };
}

function isSame({ place, subject }: Task, to: ThreadPlace): boolean {
  // A repository's own webhook names no installation: that it has one is no news.
  const installed = place.installationId === null || place.installationId === to.installationId;
  return (
    installed &&
    place.repositoryId === to.repositoryId &&
    place.owner === to.owner &&
    place.repository === to.repository &&
    subject.number === to.subjectNumber
  );
}
