import { workPlaceOf } from "../core/task/thread-place.ts";
import type { NeededPermission } from "../core/github/ungranted-permission.ts";
import type { Task } from "../core/task/task.ts";
import type {
  NewPull,
  NotPermitted,
  OpenedPull,
  Publishing,
  RepositoryToken,
} from "../ports/github.ts";
import type { GitHubApp, InstallationOctokit } from "./app.ts";
import { ungrantedPermission } from "./ungranted-permission.ts";
import { isRequestError, troubleOf } from "./trouble.ts";

/** A publisher through the App. */
export function createPublishing(app: GitHubApp): Publishing {
  return {
    repositoryToken: (task, access) => repositoryToken(app, task, access),
    openDraftPull: (task, pull) => openDraftPull(app, task, pull),
  };
}

async function repositoryToken(
  app: GitHubApp,
  { place }: Pick<Task, "place">,
  level: "read" | "write",
): Promise<RepositoryToken | NotPermitted> {
  const octokit = await app.octokit();
  const installation_id = await app.installationOf(place);
  // Of a repository that a transferred issue was in, only the name is known.
  const repository =
    place.movedFrom === null
      ? { repository_ids: [place.repositoryId] }
      : { repositories: [workPlaceOf({ place }).repository] };
  const permissions = { contents: level, metadata: "read" } as const;
  try {
    const asked = { installation_id, ...repository, permissions };
    const { data } = await octokit.rest.apps.createInstallationAccessToken(asked);
    return { type: "token", token: data.token, expiresAt: data.expires_at };
  } catch (error) {
    if (says(error, 422, NOT_INSTALLED)) return { type: "not_permitted", missing: null };
    if (!says(error, 422, NOT_GRANTED)) throw error;
    return refusal(app, { installation_id, needed: { name: "contents", level }, error });
  }
}

/** GitHub's words: a 422 has no other sign. */
const NOT_GRANTED = /permissions requested are not granted/iu;
const NOT_INSTALLED = /repository that does not exist or is not accessible/iu;
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
    if (says(error, 422, NO_DRAFTS)) return { type: "drafts_unsupported" };
    if (says(error, 422, NO_COMMITS)) return { type: "nothing_new" };
    if (troubleOf(error, new Date())?.type !== "not_permitted") throw error;
    const installation_id = await app.installationOf(place);
    const needed = { name: "pull_requests", level: "write" } as const;
    return refusal(app, { installation_id, needed, error });
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
    const found = says(error, 422, ALREADY) ? await findPull(octokit, { owner, repo }, head) : null;
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

function says(error: unknown, status: number, words: RegExp): boolean {
  return isRequestError(error) && error.status === status && words.test(error.message);
}

/** What GitHub doesn't say itself: which permission is missing, and where. */
async function refusal(
  app: GitHubApp,
  {
    installation_id,
    needed,
    error,
  }: {
    readonly installation_id: number;
    readonly needed: NeededPermission;
    readonly error: unknown;
  },
): Promise<NotPermitted> {
  const missing = await ungrantedPermission(app, installation_id, needed);
  // It was granted just now: another try shows whether that helps.
  if (missing === null) throw error;
  return { type: "not_permitted", missing };
}
