import type { Membership } from "../core/gate.ts";
import type { Role } from "../core/role.ts";
import { ROLES } from "../core/role.ts";
import type { Author, Place, PolicyVersion, Pull, Subject, Survey } from "../core/survey.ts";
import type { Task } from "../core/task.ts";
import type { GitHubApp, InstallationOctokit } from "./app.ts";
import type { Actor, PolicyAnswer, SurveyAnswer } from "./survey-query.ts";
import { answerSchema, FILE, fileSchema, MOST_FILES, SURVEY } from "./survey-query.ts";
import { httpError, troubleOf, unlessMissing } from "./trouble.ts";

/** Asks GitHub what a task is about. Every method rejects when GitHub does not answer as asked. */
export interface Surveys {
  /** Requester, repository, subject and policy files, as of now. Two requests. */
  survey(task: Task): Promise<Survey>;
  /** What somebody may do in the task's repository now. A login that has changed hands has no role. */
  roleOf(task: Task, person: Author): Promise<Role>;
  /** What the requester is in a team. One request for members, two for others. */
  membership(task: Task, organisation: string, team: string): Promise<Membership>;
  /** A branch of the task's repository; null when there is none of this name. */
  branch(task: Task, name: string): Promise<Place | null>;
  /** A text on the default branch of the repository, or of the organisation's `.github`. */
  text(task: Task, of: "repository" | "organisation", path: string): Promise<string | null>;
}

/** The most comments that a prompt shows. */
const MOST_COMMENTS = 10;

/** Surveys through the App. */
export function createSurveys(app: GitHubApp): Surveys {
  return {
    async survey(task) {
      const octokit = await app.questionsFor(task);
      const requester = { id: task.requesterId, login: task.requester };
      const { owner, repository: name, subjectNumber: number } = task;
      const [role, answer] = await Promise.all([
        roleOf(octokit, task, requester),
        // Few organisations have a repository of this name, and the App need not see it.
        ask(octokit, SURVEY, { owner, name, number }, "defaults"),
      ]);
      return { role, ...surveyFrom(task, answerSchema.parse(answer)) };
    },
    async roleOf(task, person) {
      return roleOf(await app.questionsFor(task), task, person);
    },
    async membership(task, org, team_slug) {
      const { teams } = (await app.questionsFor(task)).rest;
      const username = task.requester;
      try {
        const asked = teams.getMembershipForUserInOrg({ org, team_slug, username });
        const found = await unlessMissing(asked);
        if (found !== null) return found.data.state === "active" ? "member" : "not a member";
        // GitHub says 404 of a team without the requester, and of one that is not there.
        const team = await unlessMissing(teams.getByName({ org, team_slug }));
        return team === null ? "missing" : "not a member";
      } catch (error) {
        const { type } = troubleOf(error, new Date()) ?? {};
        if (type === "not_permitted" || type === "refused") return "unreadable";
        throw error;
      }
    },
    async branch(task, branch) {
      const octokit = await app.questionsFor(task);
      const { owner, repository: repo } = task;
      const found = await unlessMissing(octokit.rest.repos.getBranch({ owner, repo, branch }));
      return found === null ? null : { branch, commit: found.data.commit.sha };
    },
    async text(task, of, path) {
      const octokit = await app.questionsFor(task);
      const name = of === "repository" ? task.repository : ".github";
      const variables = { owner: task.owner, name, file: `HEAD:${path}` };
      const mayMiss = of === "organisation" ? "repository" : null;
      const answer = await ask(octokit, FILE, variables, mayMiss);
      return fileSchema.parse(answer).repository?.file?.text ?? null;
    },
  };
}

async function roleOf(octokit: InstallationOctokit, task: Task, person: Author): Promise<Role> {
  const { owner, repository: repo } = task;
  const found = await unlessMissing(
    octokit.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username: person.login }),
  );
  // Logins can be taken over by others; ids cannot.
  return found !== null && found.data.user?.id === person.id ? roleFrom(found.data) : "none";
}

interface Permission {
  /** `admin`, `write`, `read` or `none`. */
  readonly permission: string;
  /** More exact, but the name of an organisation's own role may be anything. */
  readonly role_name: string;
  readonly user: {
    readonly permissions?: { readonly maintain?: boolean; readonly triage?: boolean };
  } | null;
}

function roleFrom({ permission, role_name, user }: Permission): Role {
  const { maintain = false, triage = false } = user?.permissions ?? {};
  if (permission === "write") return maintain || role_name === "maintain" ? "maintain" : "write";
  if (permission === "read") return triage || role_name === "triage" ? "triage" : "read";
  return ROLES.find((role) => role === permission) ?? "none";
}

/** Asks in GraphQL. One part of the answer may be missing, because there is no such thing for the App. */
async function ask(
  octokit: InstallationOctokit,
  question: string,
  variables: Readonly<Record<string, string | number>>,
  mayMiss: string | null,
): Promise<unknown> {
  try {
    return await octokit.graphql(question, variables);
  } catch (error) {
    if (!isGraphqlError(error)) throw error;
    const { data, errors, headers } = error;
    const serious = errors.find(({ path, type }) => path?.[0] !== mayMiss || type !== "NOT_FOUND");
    if (serious === undefined) return data;
    const { type = "", message } = serious;
    // Its type was RATE_LIMITED, and is RATE_LIMIT since about 2026; a secondary limit has none.
    if (/rate limit/iu.test(message)) throw httpError(429, message, { headers });
    throw httpError(STATUS[type] ?? 502, message);
  }
}

/** GraphQL answers 200 whatever happened; these are the types of its errors. */
const STATUS: Readonly<Record<string, number>> = { NOT_FOUND: 404, FORBIDDEN: 403 };

interface GraphqlError extends Error {
  readonly data: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly errors: readonly {
    readonly type?: string;
    readonly path?: readonly (string | number)[];
    readonly message: string;
  }[];
}

function isGraphqlError(error: unknown): error is GraphqlError {
  return error instanceof Error && error.name === "GraphqlResponseError";
}

function surveyFrom(task: Task, { repository, defaults }: SurveyAnswer): Omit<Survey, "role"> {
  // Names can be taken over by others, when a repository was renamed; ids cannot.
  const isIt = repository?.databaseId === task.repositoryId;
  if (repository === null || repository.subject === null || !isIt) {
    throw httpError(404, "The subject is not there");
  }
  const { defaultBranchRef: main, isArchived, subject } = repository;
  return {
    archived: isArchived,
    defaultBranch: main?.target ? { branch: main.name, commit: main.target.oid } : null,
    subject: subjectFrom(subject),
    policy: {
      repository: versionFrom(repository),
      organisation: defaults === null ? null : versionFrom(defaults),
    },
  };
}

function versionFrom({ defaultBranchRef, policy }: PolicyAnswer): PolicyVersion {
  const commit = defaultBranchRef?.target?.oid ?? null;
  return { commit, file: policy === null ? null : { blob: policy.oid, text: policy.text ?? null } };
}

type SubjectAnswer = NonNullable<NonNullable<SurveyAnswer["repository"]>["subject"]>;

function subjectFrom(subject: SubjectAnswer): Subject {
  const { title, body, closed, locked, author, comments } = subject;
  const merged = "merged" in subject && subject.merged;
  const open = closed ? "closed" : "open";
  return {
    title,
    body,
    author: authorFrom(author),
    state: merged ? "merged" : open,
    locked,
    comments: (comments.nodes ?? [])
      .filter((comment) => comment !== null)
      .filter((comment) => !comment.body.startsWith("<!-- copilot-task:"))
      .slice(-MOST_COMMENTS)
      .map((comment) => ({ author: authorFrom(comment.author), body: comment.body })),
    pull: "merged" in subject ? pullFrom(subject) : null,
  };
}

function authorFrom(actor: Actor): Author {
  return { id: actor?.databaseId ?? null, login: actor?.login ?? "ghost" };
}

function pullFrom(pull: Extract<SubjectAnswer, { merged: boolean }>): Pull {
  const { files, baseRef } = pull;
  const nodes = (files?.nodes ?? []).filter((file) => file !== null);
  return {
    head: { branch: pull.headRefName, commit: pull.headRefOid },
    // The repository of a fork that was deleted is gone.
    fromFork: pull.isCrossRepository || pull.headRepository === null,
    base: { branch: pull.baseRefName, commit: baseRef?.target?.oid ?? pull.baseRefOid },
    files: nodes.map(
      ({ changeType, path, additions, deletions }) =>
        `${changeType.toLowerCase()} ${path} (+${additions} -${deletions})`,
    ),
    allFiles: (files?.totalCount ?? 0) <= MOST_FILES,
  };
}
