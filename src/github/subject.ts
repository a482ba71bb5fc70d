import type { Facts, Place } from "../core/gate.ts";
import type { Passage } from "../core/prompt.ts";
import type { Task } from "../core/task.ts";
import type { GitHubApp, InstallationOctokit } from "./app.ts";
import { isRequestError } from "./trouble.ts";

/** Reads what a task is about. Every method rejects when GitHub does not answer as asked. */
export interface Subjects {
  /** Who the requester is to the repository, and where the session would work; as of now. */
  facts(task: Task): Promise<Facts>;
  /** Title, body, the last comments and, for a pull request, the changed files; as of now. */
  passages(task: Task): Promise<Passage[]>;
}

/** The most comments and changed files that a prompt shows. */
const MOST_COMMENTS = 10;
const MOST_FILES = 100;

/** A reader of subjects through the App. */
export function createSubjects(app: GitHubApp): Subjects {
  return {
    async facts(task) {
      const octokit = await app.octokitFor(task);
      const permission = await permissionOf(octokit, task);
      if (permission !== "admin" && permission !== "write") {
        return { permission: permission === "read" ? "read" : "none" };
      }
      const where =
        task.subjectType === "issue"
          ? { place: await defaultBranch(octokit, task), fromFork: false }
          : await headOf(octokit, task);
      return { permission, ...where };
    },
    async passages(task) {
      const octokit = await app.octokitFor(task);
      const { data: issue } = await octokit.rest.issues.get(numbered(task));
      const author = issue.user?.login ?? "ghost";
      return [
        { label: `title, by ${author}`, text: issue.title },
        { label: `body, by ${author}`, text: issue.body ?? "" },
        ...(task.subjectType === "pull_request" ? [await changedFiles(octokit, task)] : []),
        ...(issue.comments > 0 ? await lastComments(octokit, task, issue.comments) : []),
      ];
    },
  };
}

function named({ owner, repository: repo }: Task) {
  return { owner, repo };
}

function numbered(task: Task) {
  return { ...named(task), issue_number: task.subjectNumber };
}

async function permissionOf(octokit: InstallationOctokit, task: Task): Promise<string> {
  try {
    const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({
      ...named(task),
      username: task.requester,
    });
    // Logins can be taken over by others; ids cannot.
    return data.user?.id === task.requesterId ? data.permission : "none";
  } catch (error) {
    // A 404 to the request for a token is another matter: then the installation is gone.
    const asked = isRequestError(error) && error.request?.url.endsWith("/permission") === true;
    if (asked && error.status === 404) return "none";
    throw error;
  }
}

async function defaultBranch(octokit: InstallationOctokit, task: Task): Promise<Place> {
  const { data: repository } = await octokit.rest.repos.get(named(task));
  const branch = repository.default_branch;
  try {
    const { data } = await octokit.rest.repos.getBranch({ ...named(task), branch });
    return { branch, commit: data.commit.sha };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    // The repository is there, so this is no lost access: it has no commit yet.
    const empty = new Error(`The default branch ${branch} has no commit`, { cause: error });
    throw Object.assign(empty, { name: "HttpError", status: 422 });
  }
}

async function headOf(octokit: InstallationOctokit, task: Task) {
  const { data: pull } = await octokit.rest.pulls.get({
    ...named(task),
    pull_number: task.subjectNumber,
  });
  return {
    place: { branch: pull.head.ref, commit: pull.head.sha },
    // The head of a fork that was deleted has no repository at all.
    fromFork: pull.head.repo?.id !== pull.base.repo.id,
  };
}

async function changedFiles(octokit: InstallationOctokit, task: Task): Promise<Passage> {
  const { data: files } = await octokit.rest.pulls.listFiles({
    ...named(task),
    pull_number: task.subjectNumber,
    per_page: MOST_FILES,
  });
  const lines = files.map(
    ({ status, filename, additions, deletions }) =>
      `${status} ${filename} (+${additions} -${deletions})`,
  );
  const label = `changed files${files.length === MOST_FILES ? `, the first ${MOST_FILES}` : ""}`;
  return { label, text: lines.join("\n") };
}

/** The list is oldest first: the end of it is on the last page, or on the last two. */
async function lastComments(
  octokit: InstallationOctokit,
  task: Task,
  count: number,
): Promise<Passage[]> {
  const lastPage = Math.ceil(count / MOST_COMMENTS);
  const pages = [lastPage - 1, lastPage].filter((page) => page > 0);
  const answers = await Promise.all(
    pages.map((page) =>
      octokit.rest.issues.listComments({ ...numbered(task), per_page: MOST_COMMENTS, page }),
    ),
  );
  return answers
    .flatMap(({ data }) => data)
    .filter(({ body }) => body?.startsWith("<!-- copilot-task:") !== true)
    .slice(-MOST_COMMENTS)
    .map(({ user, body }) => ({
      label: `comment, by ${user?.login ?? "ghost"}`,
      text: body ?? "",
    }));
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && "status" in error && error.status === 404;
}
