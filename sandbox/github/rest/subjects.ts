import type { Issue, Pull, Tip } from "../shapes.ts";
import { changesSince, commitsSince } from "../state/git.ts";
import type { Commit } from "../state/records.ts";
import type { AccountRecord, PullRecord, RepositoryRecord } from "../state/records.ts";
import type { SubjectRecord } from "../state/records.ts";
import { lineComments } from "../state/state.ts";
import { accountOf } from "./accounts.ts";
import { reactionCounts } from "./reactions.ts";
import { labelOf, repositoryOf } from "./repositories.ts";
import { nodeId, urlsOf } from "./urls.ts";

/** An issue, or a pull request as an issue. */
export function issueOf(host: string, subject: SubjectRecord): Issue {
  const { repository, comments, reactions, state } = subject;
  const urls = urlsOf(host);
  const url = urls.issue(subject);
  const page = urls.page(subject);
  const pull_request = {
    url: urls.pull(subject),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    merged_at: subject.type === "pull" ? (subject.merge?.at ?? null) : null,
  };
  // A pull request and its issue have different ids.
  const id = subject.type === "pull" ? 1_000_000 + subject.id : subject.id;
  return {
    ...conversationOf(host, subject),
    url,
    id,
    node_id: nodeId("Issue", id),
    repository_url: urls.repository(repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    state_reason: subject.type === "issue" && state === "closed" ? "completed" : null,
    comments: comments.length,
    reactions: reactionCounts(url, reactions),
    performed_via_github_app: null,
    ...(subject.type === "pull" ? { draft: subject.isDraft, pull_request } : {}),
  };
}

function conversationOf(host: string, subject: SubjectRecord) {
  const { id, number, title, body, state, lock, repository, author } = subject;
  return {
    id,
    html_url: urlsOf(host).page(subject),
    number,
    title,
    body,
    state,
    user: accountOf(host, author),
    labels: subject.labels.map((label) => labelOf(host, repository, label)),
    locked: lock !== undefined,
    active_lock_reason: lock?.reason ?? null,
    assignee: null,
    assignees: [],
    milestone: null,
    created_at: subject.createdAt,
    updated_at: subject.updatedAt,
    closed_at: subject.closedAt,
    author_association: associationOf(repository, author),
  };
}

/** How the author is related to the repository. */
export function associationOf({ owner, grants }: RepositoryRecord, author: AccountRecord): string {
  if (owner.login === author.login) return "OWNER";
  return grants.has(author.login) ? "COLLABORATOR" : "NONE";
}

/** A pull request: `pull-request`. */
export function pullOf(host: string, pull: PullRecord): Pull {
  const { head, base, merge, repository } = pull;
  const urls = urlsOf(host);
  const files = changesSince(base.commit, head.commit);
  const sum = (key: "additions" | "deletions") =>
    files.reduce((total, file) => total + file[key], 0);
  const page = urls.page(pull);
  return {
    ...conversationOf(host, pull),
    ...addressesOf(host, pull),
    node_id: nodeId("PullRequest", pull.id),
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    head: tipOf(host, head.repository, head.ref, head.commit),
    base: tipOf(host, repository, base.ref, base.commit),
    draft: pull.isDraft,
    requested_reviewers: [],
    requested_teams: [],
    auto_merge: null,
    merged: merge !== undefined,
    merged_at: merge?.at ?? null,
    merged_by: merge === undefined ? null : accountOf(host, merge.by),
    merge_commit_sha: merge?.commit.sha ?? null,
    mergeable: true,
    rebaseable: true,
    mergeable_state: "clean",
    maintainer_can_modify: true,
    comments: pull.comments.length,
    review_comments: lineComments(pull).length,
    commits: commitsSince(base.commit, head.commit),
    additions: sum("additions"),
    deletions: sum("deletions"),
    changed_files: files.length,
  };
}

function addressesOf(host: string, pull: PullRecord) {
  const urls = urlsOf(host);
  const url = urls.pull(pull);
  const issue_url = urls.issue(pull);
  const addresses = {
    comments_url: `${issue_url}/comments`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${urls.repository(pull.repository)}/pulls/comments{/number}`,
    commits_url: `${url}/commits`,
    statuses_url: `${urls.repository(pull.repository)}/statuses/${pull.head.commit.sha}`,
  };
  const links = Object.entries(addresses).map(([key, href]) => [key.replace("_url", ""), { href }]);
  const own = { self: { href: url }, html: { href: urls.page(pull) }, issue: { href: issue_url } };
  return { url, issue_url, ...addresses, _links: { ...own, ...Object.fromEntries(links) } };
}

function tipOf(host: string, repository: RepositoryRecord, ref: string, { sha }: Commit): Tip {
  const label = `${repository.owner.login}:${ref}`;
  const repo = repository.isDeleted ? null : repositoryOf(host, repository);
  return { label, ref, sha, user: accountOf(host, repository.owner), repo };
}
