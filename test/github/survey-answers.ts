import { taskWith } from "../core/task.ts";
import type { Source } from "./graphql.ts";
import { refusal } from "./graphql.ts";

/** The head commits of `main` and of the pull request, and what was the head of `main` once. */
export const MAIN = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
export const FEATURE = "1acc419d4d6a9ce985db7be48c6349a0475975b5";
export const ONCE = "aa218f56b14c9653891f9e74264a383fa43fefbd";

/** What a survey queries when nothing has to be left out. */
export const SIZE = {
  files: true,
  html: true,
  thread: true,
  comments: 20,
  reviews: false,
  lines: false,
};

/** Somebody with an account. */
export function user(login: string, databaseId: number): Source {
  return { __typename: "User", login, databaseId };
}

export function comment(
  body: string,
  author: Source | null = user("hubot", 480_938),
  isMinimized = false,
  viewerDidAuthor = false,
): Source {
  return { databaseId: 1, body, bodyHTML: `<p>${body}</p>`, author, isMinimized, viewerDidAuthor };
}

/** The comments of a subject, and how many there are. */
export function thread(nodes: readonly (Source | null)[] | null, totalCount?: number): Source {
  return { totalCount: totalCount ?? nodes?.length ?? 0, nodes };
}

/** An open issue by hubot that nobody has commented on. */
export function issue(changes: Source = {}): Source {
  return {
    __typename: "Issue",
    number: taskWith().subject.number,
    repository: { __typename: "Repository", databaseId: taskWith().place.repositoryId },
    title: "It crashes",
    body: "When I press <kbd>F1</kbd>.",
    bodyHTML: "<p>When I press <kbd>F1</kbd>.</p>",
    closed: false,
    locked: false,
    author: user("hubot", 480_938),
    comments: thread([]),
    ...changes,
  };
}

/** An open pull request from `feature` into `main`, without a changed file. */
export function pull(changes: Source = {}): Source {
  return {
    ...issue(),
    __typename: "PullRequest",
    merged: false,
    isCrossRepository: false,
    headRepository: { id: "R_kgDOABPHjQ" },
    headRefName: "feature",
    headRefOid: FEATURE,
    baseRefName: "main",
    baseRefOid: ONCE,
    baseRef: { target: target(MAIN) },
    files: { totalCount: 0, nodes: [] },
    ...changes,
  };
}

/** A repository without a policy file, with an issue. */
export function repository(changes: Source = {}): Source {
  return {
    databaseId: taskWith().place.repositoryId,
    isArchived: false,
    visibility: "PUBLIC",
    defaultBranchRef: { name: "main", target: target(MAIN) },
    policy: null,
    subject: issue(),
    ...changes,
  };
}

export function target(oid: string): Source {
  return { __typename: "Commit", oid };
}

/** A file; its text is null when it is binary. */
export function file(oid: string, text: string | null): Source {
  return { __typename: "Blob", oid, text };
}

/** Something that doesn't exist or that the App can't see: GitHub doesn't say which. */
export function notFound(what: string) {
  return refusal(`Could not resolve to ${what}.`, "NOT_FOUND");
}

/** Everything that a survey queries; by default, of an organization without a `.github`. */
export function answer(changes: Source = {}, defaults: Source | null = null): Source {
  return {
    repository: repository(changes),
    defaults: defaults ?? notFound("a Repository with the name 'octo-org/.github'"),
  };
}
