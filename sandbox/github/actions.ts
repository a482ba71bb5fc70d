import type { Edit, FilePlace, NewFile, NewIssue, NewPull, NewReview } from "./person.ts";
import type { NewReviewComment, PlacedComment } from "./person.ts";
import type {
  Comment,
  Issue,
  Label,
  Pull,
  Repository,
  RepositoryName,
  Review,
  Subject,
} from "./shapes.ts";
import { repositoryPath } from "./routes.ts";

/** Sends a request as a person and waits for the webhooks that it causes. */
export type Request = <Entity>(method: string, path: string, body?: unknown) => Promise<Entity>;

/** What a person does with issues and pull requests. */
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

  const close = (subject: Subject) => edit(subject, { state: "closed" });
  const reopen = (subject: Subject) => edit(subject, { state: "open" });

  async function lock(subject: Subject, reason?: string): Promise<void> {
    await request("PUT", `${issuePath(subject)}/lock`, { lock_reason: reason });
  }

  async function unlock(subject: Subject): Promise<void> {
    await request("DELETE", `${issuePath(subject)}/lock`);
  }

  async function merge(pull: Subject): Promise<void> {
    await request("PUT", `${pullPath(pull)}/merge`, {});
  }

  const states = { close, reopen, lock, unlock, merge };
  return { label, unlabel, openIssue, openPullRequest, edit, ...states };
}

/** What a person does with the files and branches of a repository. */
export function fileActions(request: Request) {
  async function hashOf(path: string, branch: string | undefined): Promise<string | undefined> {
    const query = branch === undefined ? "" : `?ref=${encodeURIComponent(branch)}`;
    return request<{ readonly sha: string }>("GET", `${path}${query}`).then(
      ({ sha }) => sha,
      () => undefined,
    );
  }

  async function commitFile(repository: RepositoryName, file: NewFile): Promise<void> {
    const { branch } = file;
    const path = `${repositoryPath(repository)}/contents/${file.path}`;
    const message = `Write ${file.path}`;
    const content = Buffer.from(file.content).toString("base64");
    const sha = await hashOf(path, branch);
    await request("PUT", path, { message, content, branch, sha });
  }

  async function deleteFile(repository: RepositoryName, file: FilePlace): Promise<void> {
    const { branch } = file;
    const path = `${repositoryPath(repository)}/contents/${file.path}`;
    const sha = await hashOf(path, branch);
    await request("DELETE", path, { message: `Delete ${file.path}`, branch, sha });
  }

  async function createBranch(repository: RepositoryName, name: string): Promise<void> {
    const path = repositoryPath(repository);
    const { default_branch } = await request<Repository>("GET", path);
    const head = await request<Branch>("GET", `${path}/branches/${default_branch}`);
    await request("POST", `${path}/git/refs`, { ref: `refs/heads/${name}`, sha: head.commit.sha });
  }

  async function deleteBranch(repository: RepositoryName, name: string): Promise<void> {
    await request("DELETE", `${repositoryPath(repository)}/git/refs/heads/${name}`);
  }

  return { commitFile, deleteFile, createBranch, deleteBranch };
}

/** What a person does with a repository as a whole. */
export function repositoryActions(request: Request) {
  async function change(repository: RepositoryName, changes: object): Promise<RepositoryName> {
    return nameOf(await request<Repository>("PATCH", repositoryPath(repository), changes));
  }

  async function archive(repository: RepositoryName): Promise<void> {
    await change(repository, { archived: true });
  }

  async function unarchive(repository: RepositoryName): Promise<void> {
    await change(repository, { archived: false });
  }

  const rename = (repository: RepositoryName, name: string) => change(repository, { name });

  async function transfer(repository: RepositoryName, newOwner: string): Promise<RepositoryName> {
    const path = `${repositoryPath(repository)}/transfer`;
    return nameOf(await request<Repository>("POST", path, { new_owner: newOwner }));
  }

  async function deleteRepository(repository: RepositoryName): Promise<void> {
    await request("DELETE", repositoryPath(repository));
  }

  return { archive, unarchive, rename, transfer, deleteRepository };
}

interface Branch {
  readonly commit: { readonly sha: string };
}

function nameOf({ owner, name }: Repository): RepositoryName {
  return { owner: owner.login, repo: name };
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
