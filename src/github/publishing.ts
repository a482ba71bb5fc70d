import { workPlaceOf } from "../core/task/thread-place.ts";
import type { Task } from "../core/task/task.ts";
import type {
  NewPull,
  NotPermitted,
  OpenedPull,
  Publishing,
  RepositoryToken,
} from "../ports/github.ts";
import type { GitHubApp, InstallationOctokit } from "./app.ts";
import { repositoryTokenOf } from "./repository-token.ts";
import { permissionRefusalOf } from "./ungranted-permission.ts";
import { isRefusedWith, troubleOf } from "./trouble.ts";

/** A publisher through the App. */
export function createPublishing(app: GitHubApp): Publishing {
  return {
    repositoryToken: (task, access) => repositoryToken(app, task, access),
    openDraftPull: (task, pull) => openDraftPull(app, task, pull),
  };
}

function repositoryToken(
  app: GitHubApp,
  { place }: Pick<Task, "place">,
  level: "read" | "write",
): Promise<RepositoryToken | NotPermitted> {
  // Of a repository that a transferred issue was in, only the name is known.
  const isKnown = place.movedFrom === null;
  return isKnown
    ? repositoryTokenOf(app, place, { repository_ids: [place.repositoryId] }, level)
    : repositoryTokenOf(app, place, { repositories: [workPlaceOf({ place }).repository] }, level);
}

/** GitHub's words: a 422 has no other sign. */
const ALREADY = /pull request already exists/iu;
const NO_DRAFTS = /draft pull requests are not supported/iu;
const NO_COMMITS = /no commits between/iu;

async function openDraftPull(
  app: GitHubApp,
  { place }: Pick<Task, "place">,
  pull: NewPull,
): Promise<OpenedPull> {
  const { owner, repository: repo } = workPlaceOf({ place });
  const octokit = await app.octokitFor(place);
  try {
    return (
      (await findPull(octokit, { owner, repo }, pull.branch)) ??
      (await createPull(octokit, { owner, repo }, pull))
    );
  } catch (error) {
    if (isRefusedWith(error, 422, NO_DRAFTS)) return { type: "drafts_unsupported" };
    if (isRefusedWith(error, 422, NO_COMMITS)) return { type: "nothing_new" };
    if (troubleOf(error, new Date())?.type !== "not_permitted") throw error;
    const installation_id = await app.installationOf(place);
    const needed = { name: "pull_requests", level: "write" } as const;
    return permissionRefusalOf(app, { installation_id, needed, error });
  }
}

interface Repository {
  readonly owner: string;
  readonly repo: string;
}

/** The open one, or the latest that was closed. */
async function findPull(
  octokit: InstallationOctokit,
  { owner, repo }: Repository,
  branch: string,
): Promise<OpenedPull | null> {
  const head = `${owner}:${branch}`;
  const asked = { owner, repo, head, state: "all", per_page: 100 } as const;
  const { data } = await octokit.rest.pulls.list(asked);
  // A head that GitHub can't read makes it list all. One that isn't there anymore has no repository.
  const isIts = (label: string) => label.toLowerCase() === head.toLowerCase();
  const found = data.filter((one) => one.head.ref === branch && isIts(one.head.label));
  const one = found.find(({ state }) => state === "open") ?? found[0];
  if (one === undefined) return null;
  return pullOf({ ...one, isNew: false });
}

async function createPull(
  octokit: InstallationOctokit,
  { owner, repo }: Repository,
  { branch: head, base, title, body }: NewPull,
): Promise<OpenedPull> {
  // A lost answer may hide one that was opened: it's looked up before another try.
  const request = { retries: 0 };
  try {
    const asked = { owner, repo, head, base, title, body, draft: true, request };
    const { data } = await octokit.rest.pulls.create(asked);
    return pullOf({ ...data, isNew: true });
  } catch (error) {
    const found = isRefusedWith(error, 422, ALREADY)
      ? await findPull(octokit, { owner, repo }, head)
      : null;
    if (found === null) throw error;
    return found;
  }
}

function pullOf(pull: {
  readonly number: number;
  readonly html_url: string;
  readonly state: string;
  readonly isNew: boolean;
}): OpenedPull {
  const { number, html_url: url, isNew } = pull;
  return { type: "pull", number, url, isNew, isOpen: pull.state === "open" };
}
