import type { Account, Json, Label, Repository } from "../shapes.ts";
import type {
  AccountRecord,
  Grant,
  LabelRecord,
  RepositoryRecord,
  Role,
} from "../state/records.ts";
import { fullName, isAtLeast } from "../state/state.ts";
import { accountOf } from "./accounts.ts";
import { nodeId, urlsOf } from "./urls.ts";

/** The addresses of what a repository has, below its own. */
const BELOW: Readonly<Record<string, string>> = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  contributors_url: "/contributors",
  deployments_url: "/deployments",
  downloads_url: "/downloads",
  events_url: "/events",
  forks_url: "/forks",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  hooks_url: "/hooks",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  languages_url: "/languages",
  merges_url: "/merges",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  stargazers_url: "/stargazers",
  statuses_url: "/statuses/{sha}",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  tags_url: "/tags",
  teams_url: "/teams",
  trees_url: "/git/trees{/sha}",
};

/** A repository as GitHub shows it, also in webhooks. */
export function repositoryOf(host: string, repository: RepositoryRecord): Repository {
  const { id, owner, name, private: isPrivate, isFork, archived, createdAt } = repository;
  const { web, repository: urlOf } = urlsOf(host);
  const full_name = fullName(repository);
  const url = urlOf(repository);
  const html_url = `${web}/${full_name}`;
  const below = Object.entries(BELOW).map(([key, path]) => [key, `${url}${path}`]);
  const open = repository.subjects.values().filter(({ state }) => state === "open");
  const open_issues = [...open].length;
  return {
    id,
    node_id: nodeId("Repository", id),
    name,
    full_name,
    private: isPrivate,
    owner: accountOf(host, owner),
    html_url,
    description: repository.description,
    fork: isFork,
    url,
    ...Object.fromEntries(below),
    created_at: createdAt,
    updated_at: createdAt,
    pushed_at: createdAt,
    git_url: `git://${host}/${full_name}.git`,
    ssh_url: `git@${host}:${full_name}.git`,
    clone_url: `${html_url}.git`,
    svn_url: html_url,
    homepage: repository.homepage,
    size: 1,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    ...FEATURES,
    forks_count: 0,
    archived,
    open_issues_count: open_issues,
    visibility: isPrivate ? "private" : "public",
    forks: 0,
    open_issues,
    watchers: 0,
    default_branch: repository.defaultBranch,
  };
}

const FEATURES = {
  has_issues: true,
  has_projects: true,
  has_downloads: true,
  has_wiki: true,
  has_pages: false,
  has_discussions: false,
  mirror_url: null,
  disabled: false,
  license: null,
  allow_forking: true,
  is_template: false,
  web_commit_signoff_required: false,
  topics: [],
};

/** A repository as its own page shows it, with what the asker can do there: `full-repository`. */
export function fullRepositoryOf(
  host: string,
  repository: RepositoryRecord,
  role: Role | undefined,
): Repository {
  const common = { ...repositoryOf(host, repository), network_count: 0, subscribers_count: 0 };
  return role === undefined ? common : { ...common, permissions: permissionsOf(role) };
}

/** A repository as a webhook about the installation lists it. */
export function briefRepositoryOf(repository: RepositoryRecord): Json {
  const { id, name, private: isPrivate } = repository;
  const full_name = fullName(repository);
  return { id, node_id: nodeId("Repository", id), name, full_name, private: isPrivate };
}

export function labelOf(
  host: string,
  repository: RepositoryRecord,
  { id, name, color = "ededed", description }: LabelRecord,
): Label {
  return {
    id,
    node_id: nodeId("Label", id),
    url: `${urlsOf(host).repository(repository)}/labels/${encodeURIComponent(name)}`,
    name,
    description: description ?? null,
    color,
    default: false,
  };
}

/**
 * What a person can do in a repository: `repository-collaborator-permission`. `permission` is one of the four of old:
 * `write` for `maintain`, `read` for `triage`.
 */
export function collaboratorOf(
  host: string,
  person: AccountRecord,
  { role, name: role_name = role }: Grant,
): Json {
  const user: Account = {
    ...accountOf(host, person),
    permissions: permissionsOf(role),
    role_name,
  };
  return { permission: OLD_PERMISSIONS[role] ?? role, role_name, user };
}

const OLD_PERMISSIONS: Partial<Record<Role, string>> = { maintain: "write", triage: "read" };

/** What a role allows, as GitHub shows it beside a repository. */
export function permissionsOf(role: Role): Readonly<Record<string, boolean>> {
  return {
    pull: isAtLeast(role, "read"),
    triage: isAtLeast(role, "triage"),
    push: isAtLeast(role, "write"),
    maintain: isAtLeast(role, "maintain"),
    admin: isAtLeast(role, "admin"),
  };
}
