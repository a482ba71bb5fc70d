import { botLogin } from "../seed.ts";
import type { Comment, Json, Review } from "../shapes.ts";
import type { CommentRecord, ReviewRecord } from "../state/records.ts";
import { accountOf, integrationOf, OWN_APP } from "./accounts.ts";
import { reactionCounts } from "./reactions.ts";
import { associationOf } from "./subjects.ts";
import { nodeId, urlsOf } from "./urls.ts";

/** A comment in a conversation (`issue-comment`), or on a line of a pull request. */
export function commentOf(host: string, comment: CommentRecord): Comment {
  const { id, line, subject, reactions } = comment;
  const urls = urlsOf(host);
  const kind = line === undefined ? "issues" : "pulls";
  const url = `${urls.repository(subject.repository)}/${kind}/comments/${id}`;
  const anchor = line === undefined ? `issuecomment-${id}` : `discussion_r${id}`;
  return {
    url,
    html_url: `${urls.page(subject)}#${anchor}`,
    id,
    node_id: nodeId(line === undefined ? "IssueComment" : "PullRequestReviewComment", id),
    ...writtenBy(host, comment),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    reactions: reactionCounts(url, reactions),
    ...(line === undefined
      ? { issue_url: urls.issue(subject), performed_via_github_app: viaOf(host, comment) }
      : lineOf(host, comment, line)),
  };
}

function viaOf(host: string, { author, via }: CommentRecord): Json | null {
  const app = author.login === botLogin ? OWN_APP : via;
  return app === undefined ? null : integrationOf(host, app);
}

function writtenBy(host: string, { author, body, subject }: CommentRecord | ReviewRecord) {
  const author_association = associationOf(subject.repository, author);
  return { user: accountOf(host, author), body, author_association };
}

function lineOf(
  host: string,
  { id, subject }: CommentRecord,
  { path, line, review, commit }: NonNullable<CommentRecord["line"]>,
): Json {
  const urls = urlsOf(host);
  const pull_request_url = urls.pull(subject);
  const html = { href: `${urls.page(subject)}#discussion_r${id}` };
  const self = { href: `${urls.repository(subject.repository)}/pulls/comments/${id}` };
  return {
    pull_request_url,
    pull_request_review_id: review.id,
    _links: { self, html, pull_request: { href: pull_request_url } },
    diff_hunk: `@@ -1 +1 @@`,
    path,
    position: line,
    original_position: line,
    line,
    original_line: line,
    start_line: null,
    original_start_line: null,
    start_side: null,
    side: "RIGHT",
    subject_type: "line",
    commit_id: commit.sha,
    original_commit_id: commit.sha,
  };
}

/** A review: `pull-request-review`. */
export function reviewOf(host: string, review: ReviewRecord): Review {
  const { id, subject, state, commit, createdAt } = review;
  const urls = urlsOf(host);
  const html_url = `${urls.page(subject)}#pullrequestreview-${id}`;
  const pull_request_url = urls.pull(subject);
  return {
    id,
    node_id: nodeId("PullRequestReview", id),
    ...writtenBy(host, review),
    body: review.body,
    state,
    html_url,
    pull_request_url,
    _links: { html: { href: html_url }, pull_request: { href: pull_request_url } },
    submitted_at: createdAt,
    commit_id: commit.sha,
  };
}
