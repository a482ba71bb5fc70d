import type { Edit, NewFile, NewIssue, NewPull, NewReview } from "./person.ts";
import type { NewReviewComment, PlacedComment } from "./person.ts";
import type { Comment, Issue, Label, Pull, RepositoryName, Review, Subject } from "./shapes.ts";
import { repositoryPath } from "./routes.ts";

/** Sends a request as a person and waits for the webhooks that it causes. */
export type Request = <Entity>(method: string, path: string, body?: unknown) => Promise<Entity>;

/** What a person does with issues, pull requests and files. */
export function subjectActions(request: Request) {
  function label(subject: Subject, name: string): Promise<readonly Label[]> {
    return request("POST", `${issuePath(subject)}/labels`, { labels: [name] });
  }

  function unlabel(subject: Subject, name: string): Promise<readonly Label[]> {
    return request("DELETE", `${issuePath(subject)}/labels/${encodeURIComponent(name)}`);
  }

  async function openIssue({ owner, repo }: RepositoryName, { labels = [], ...issue }: NewIssue) {
    const path = `${repositoryPath({ owner, repo })}/issues`;
    const opened = { ...(await request<Issue>("POST", path, issue)), owner, repo };
    for (const name of labels) await label(opened, name);
    return opened;
  }

  async function openPullRequest({ owner, repo }: RepositoryName, pull: NewPull) {
    const path = `${repositoryPath({ owner, repo })}/pulls`;
    return { ...(await request<Pull>("POST", path, { base: "main", ...pull })), owner, repo };
  }

  async function edit(subject: Subject, changes: Edit): Promise<void> {
    const issue = await request<Issue>("GET", issuePath(subject));
    const path = issue.pull_request === undefined ? issuePath(subject) : pullPath(subject);
    await request("PATCH", path, changes);
  }

  async function commitFile(repository: RepositoryName, file: NewFile): Promise<void> {
    const branch = file.branch ?? "main";
    const path = `${repositoryPath(repository)}/contents/${file.path}`;
    const message = `Write ${file.path}`;
    const content = Buffer.from(file.content).toString("base64");
    const sha = await request<{ readonly sha: string }>("GET", `${path}?ref=${branch}`).then(
      (existing) => existing.sha,
      () => undefined,
    );
    await request("PUT", path, { message, content, branch, ...(sha === undefined ? {} : { sha }) });
  }

  return { label, unlabel, openIssue, openPullRequest, edit, commitFile };
}

/** What a person says on issues and pull requests. */
export function commentActions(request: Request) {
  async function comment({ owner, repo, number }: Subject, body: string) {
    const path = `${repositoryPath({ owner, repo })}/issues/${number}/comments`;
    return { ...(await request<Comment>("POST", path, { body })), owner, repo, number };
  }

  async function editComment(edited: PlacedComment, body: string): Promise<PlacedComment> {
    const answer = await request<Comment>("PATCH", commentPath(edited), { body });
    return { ...edited, ...answer };
  }

  async function deleteComment(deleted: PlacedComment): Promise<void> {
    await request("DELETE", commentPath(deleted));
  }

  async function review({ owner, repo, number }: Subject, written: NewReview) {
    const path = `${pullPath({ owner, repo, number })}/reviews`;
    const sent = { event: "COMMENT", ...written };
    return { ...(await request<Review>("POST", path, sent)), owner, repo, number };
  }

  async function reviewComment(pull: Subject, written: NewReviewComment): Promise<PlacedComment> {
    const { owner, repo, number } = pull;
    // GitHub makes a review, without a body, of a single comment on a line, and tells of both.
    await review(pull, {});
    const sent = { path: "README.md", line: 1, ...written };
    const answer = await request<Comment>("POST", `${pullPath(pull)}/comments`, sent);
    return { ...answer, owner, repo, number };
  }

  return { comment, editComment, deleteComment, review, reviewComment };
}

function issuePath(subject: Subject): string {
  return `${repositoryPath(subject)}/issues/${subject.number}`;
}

function pullPath(pull: Subject): string {
  return `${repositoryPath(pull)}/pulls/${pull.number}`;
}

function commentPath(comment: PlacedComment): string {
  const kind = comment["pull_request_url"] === undefined ? "issues" : "pulls";
  return `${repositoryPath(comment)}/${kind}/comments/${comment.id}`;
}
