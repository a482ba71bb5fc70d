import { renderHtml } from "../render.ts";
import { nodeId } from "../rest/urls.ts";
import type { FileChange } from "../state/git.ts";
import { changesSince } from "../state/git.ts";
import type { CommentRecord, IssueRecord, PullRecord } from "../state/records.ts";
import type { ReviewRecord, SubjectRecord } from "../state/records.ts";
import { connection } from "./connection.ts";
import type { Pagination } from "./connection.ts";
import { ref } from "./git.ts";
import type { Source } from "./source.ts";
import { actor } from "./source.ts";

/** An issue. */
export function issue(found: IssueRecord, login: string): Source {
  return {
    ...conversation(found, login),
    __typename: "Issue",
    id: nodeId("Issue", found.id),
    state: found.state.toUpperCase(),
  };
}

/** A pull request. */
export function pullRequest(found: PullRecord, login: string): Source {
  const { head, base, merge, repository } = found;
  return {
    ...conversation(found, login),
    __typename: "PullRequest",
    id: nodeId("PullRequest", found.id),
    state: merge === undefined ? found.state.toUpperCase() : "MERGED",
    merged: merge !== undefined,
    isDraft: found.isDraft,
    isCrossRepository: head.repository !== repository,
    headRefName: head.ref,
    headRefOid: head.commit.sha,
    baseRefName: base.ref,
    baseRefOid: base.commit.sha,
    baseRef: () => ref(repository, base.ref),
    reviews: (asked: Pagination) =>
      connection("reviews", found.reviews, asked, (it) => review(it, login)),
    files: (asked: Pagination) =>
      connection("files", changesSince(base.commit, head.commit), asked, file),
  };
}

function conversation(found: SubjectRecord, login: string): Source {
  const { number, title, body, author, comments, labels } = found;
  return {
    databaseId: found.id,
    number,
    title,
    body: body ?? "",
    bodyHTML: () => renderHtml(body ?? ""),
    closed: found.state === "closed",
    locked: found.lock !== undefined,
    author: actor(author),
    comments: (asked: Pagination) =>
      connection("comments", comments, asked, (it) => comment(it, login)),
    labels: (asked: Pagination) => connection("labels", labels, asked, ({ name }) => ({ name })),
  };
}

function comment(found: CommentRecord, login: string): Source {
  const { minimized } = found;
  return {
    ...written(found),
    isMinimized: minimized !== undefined,
    minimizedReason: minimized ?? null,
    viewerDidAuthor: found.author.login === login,
  };
}

/** A review, with its comments on lines of the diff. */
function review(found: ReviewRecord, login: string): Source {
  const comments = (asked: Pagination) =>
    connection("comments", found.comments, asked, (it) => comment(it, login));
  return { ...written(found), isMinimized: false, comments };
}

function written({ id, author, body }: CommentRecord | ReviewRecord): Source {
  return { databaseId: id, body, bodyHTML: () => renderHtml(body), author: actor(author) };
}

const CHANGE_TYPES = { added: "ADDED", removed: "DELETED", modified: "MODIFIED" } as const;

function file({ path, status, additions, deletions }: FileChange): Source {
  return { path, additions, deletions, changeType: CHANGE_TYPES[status] };
}
