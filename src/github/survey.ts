import type { Role } from "../core/github/role.ts";
import { ROLES } from "../core/github/role.ts";
import type { Author, PolicyVersion, Survey } from "../core/access/survey.ts";
import type { Task } from "../core/task/task.ts";
import type { Surveys } from "../ports/github.ts";
import type { GitHubApp, InstallationOctokit } from "./app.ts";
import { ask } from "./graphql.ts";
import { commandFrom, subjectFrom } from "./subject.ts";
import type { PolicyAnswer, SurveyAnswer } from "./survey-query.ts";
import { answerSchema, FILE, fileSchema, SURVEY } from "./survey-query.ts";
import type { Scope } from "./survey-scope.ts";
import { createLargestAnswers } from "./survey-scope.ts";
import { httpError, troubleOf, unlessMissing } from "./trouble.ts";

/** Surveys through the App. */
export function createSurveys(app: GitHubApp): Surveys {
  const answers = createLargestAnswers();
  return {
    async survey(task) {
      const octokit = await app.questionsFor(task.place);
      const { login, id } = task.requester;
      const { repositoryId } = task.place;
      const { number, type } = task.subject;
      const asked = { repositoryId, number, hasFiles: type === "pull_request" };
      const [role, { scope, answer }] = await Promise.all([
        roleOf(octokit, task, { login, id }),
        answers.largestAnswer(asked, (wanted, retries) => askAbout(octokit, task, wanted, retries)),
      ]);
      return { role, ...surveyFrom(task, answer, scope) };
    },
    async roleOf(task, person) {
      return roleOf(await app.questionsFor(task.place), task, person);
    },
    async membership(task, org, team_slug) {
      const { teams } = (await app.questionsFor(task.place)).rest;
      const username = task.requester.login;
      try {
        const asked = teams.getMembershipForUserInOrg({ org, team_slug, username });
        const found = await unlessMissing(asked);
        if (found !== null) return found.data.state === "active" ? "member" : "not a member";
        // GitHub says 404 of a team without the requester, and of one that is not there.
        const team = await unlessMissing(teams.getByName({ org, team_slug }));
        return team === null ? "missing" : "not a member";
      } catch (error) {
        const { type } = troubleOf(error, new Date()) ?? {};
        if (UNREADABLE.has(type ?? "")) return "unreadable";
        throw error;
      }
    },
    async branch(task, branch) {
      const octokit = await app.questionsFor(task.place);
      const { owner, repository: repo } = task.place;
      const found = await unlessMissing(octokit.rest.repos.getBranch({ owner, repo, branch }));
      return found === null ? null : { branch, commit: found.data.commit.sha };
    },
    async text(task, of, path) {
      const octokit = await app.questionsFor(task.place);
      const name = of === "repository" ? task.place.repository : ".github";
      const variables = { owner: task.place.owner, name, file: `HEAD:${path}` };
      const mayMiss = of === "organization" ? "repository" : null;
      const answer = await ask(octokit, { query: FILE, variables, mayMiss, retries: 3 });
      return fileSchema.parse(answer).repository?.file?.text ?? null;
    },
  };
}

/** An organization that doesn't let the App read its teams says so in words of many kinds. */
const UNREADABLE: ReadonlySet<string> = new Set(["not_permitted", "forbidden", "refused"]);

async function askAbout(
  octokit: InstallationOctokit,
  task: Task,
  { files, html, comments }: Scope,
  retries: number,
): Promise<SurveyAnswer> {
  const { owner, repository: name } = task.place;
  const { number } = task.subject;
  const commandPlace = task.trigger.type === "command" ? task.trigger.place : null;
  const thread = comments > 0;
  // GitHub refuses to be asked for the last 0 of anything, even where that is left out.
  const size = { files, html, thread, comments: Math.max(1, comments) };
  const lines = thread && commandPlace === "review_comment";
  const reviews = thread && (lines || commandPlace === "review");
  const variables = { owner, name, number, ...size, reviews, lines };
  // Few organizations have a repository of the name .github, and the App needn't see it.
  const request = { query: SURVEY, variables, mayMiss: "defaults", retries };
  return answerSchema.parse(await ask(octokit, request));
}

async function roleOf(octokit: InstallationOctokit, task: Task, person: Author): Promise<Role> {
  const { owner, repository: repo } = task.place;
  const found = await unlessMissing(
    octokit.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username: person.login }),
  );
  // Logins can be taken over by others; ids cannot.
  return found !== null && found.data.user?.id === person.id ? roleFrom(found.data) : "none";
}

interface Permission {
  /** `admin`, `write`, `read` or `none`. */
  readonly permission: string;
  /** More exact, but the name of an organization's own role may be anything. */
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

function surveyFrom(
  task: Task,
  { repository, defaults }: SurveyAnswer,
  scope: Scope,
): Omit<Survey, "role"> {
  // Names can be taken over by others, when a repository was renamed; ids cannot.
  const isIt = repository?.databaseId === task.place.repositoryId;
  if (repository === null || repository.subject === null || !isIt) {
    throw httpError(404, "The subject is not there");
  }
  if (hasMoved(repository.subject, task)) throw httpError(301, "The issue was transferred");
  const { defaultBranchRef: main, isArchived, subject } = repository;
  return {
    archived: isArchived,
    defaultBranch: main?.target ? { branch: main.name, commit: main.target.oid } : null,
    subject: subjectFrom(subject, scope),
    command: commandFrom(subject, task.trigger),
    policy: {
      repository: versionFrom(repository),
      organization: defaults === null ? null : versionFrom(defaults),
    },
  };
}

/** Asked about an issue that was transferred, GitHub answers with the one that it has become. */
function hasMoved(
  { repository, number }: NonNullable<NonNullable<SurveyAnswer["repository"]>["subject"]>,
  { place, subject }: Task,
): boolean {
  return repository.databaseId !== place.repositoryId || number !== subject.number;
}

/** A policy file, and the commit that it was read from. */
export function versionFrom({ defaultBranchRef, policy }: PolicyAnswer): PolicyVersion {
  const commit = defaultBranchRef?.target?.oid ?? null;
  return { commit, file: policy === null ? null : { blob: policy.oid, text: policy.text ?? null } };
}
