import type { Comment, Issue, Label, Pull, Repository } from "./shapes.ts";
import type { RepositoryName, Review, Subject } from "./shapes.ts";

/** Sends a request as a person and waits for the webhooks that it causes. */
export type Request = <Entity = void>(
  method: string,
  path: string,
  body?: unknown,
) => Promise<Entity>;

interface NewIssue {
  readonly title: string;
  readonly body?: string;
  /** Set after opening, as GitHub sends it: `opened`, then `labeled`. */
  readonly labels?: readonly string[];
}

interface NewPull {
  readonly title: string;
  readonly body?: string;
  /** A branch, or `owner:branch` of a fork. */
  readonly head: string;
  readonly base?: string;
}

/** What to change of an issue or pull request. */
interface Edit {
  readonly title?: string;
  readonly body?: string;
  readonly state?: "open" | "closed";
}

/** What a person does with issues and pull requests. */
export function subjectActions(request: Request) {
  const label = (subject: Subject, name: string) =>
    request<readonly Label[]>("POST", `${issue(subject)}/labels`, { labels: [name] });
  const edit = (subject: Subject, changes: Edit) =>
    request<Issue>("PATCH", issue(subject), changes);
  return {
    label,
    unlabel: (subject: Subject, name: string) =>
      request<readonly Label[]>("DELETE", `${issue(subject)}/labels/${encodeURIComponent(name)}`),
    async openIssue({ owner, repo }: RepositoryName, { labels = [], ...written }: NewIssue) {
      const path = `${repository({ owner, repo })}/issues`;
      const opened = { ...(await request<Issue>("POST", path, written)), owner, repo };
      for (const name of labels) await label(opened, name);
      return opened;
    },
    openPullRequest: async ({ owner, repo }: RepositoryName, written: NewPull) => {
      const path = `${repository({ owner, repo })}/pulls`;
      return { ...(await request<Pull>("POST", path, written)), owner, repo };
    },
    edit,
    close: (subject: Subject) => edit(subject, { state: "closed" }),
    reopen: (subject: Subject) => edit(subject, { state: "open" }),
    /** The reason is `off-topic`, `too heated`, `resolved` or `spam`. */
    lock: (subject: Subject, lock_reason?: string) =>
      request("PUT", `${issue(subject)}/lock`, { lock_reason }),
    unlock: (subject: Subject) => request("DELETE", `${issue(subject)}/lock`),
    merge: (subject: Subject) => request("PUT", `${pull(subject)}/merge`, {}),
  };
}

/** Where a file is; its branch is the default branch unless given. */
interface FilePlace {
  readonly path: string;
  readonly branch?: string | undefined;
}

interface Shaped {
  readonly sha: string;
}

/** What a person does with the files and branches of a repository. */
export function fileActions(request: Request) {
  async function shaOf(place: RepositoryName, { path, branch }: FilePlace) {
    const query = branch === undefined ? "" : `?ref=${encodeURIComponent(branch)}`;
    const file = request<Shaped>("GET", `${repository(place)}/contents/${path}${query}`);
    return file.then(
      ({ sha }) => sha,
      () => undefined,
    );
  }

  return {
    /** Creates or replaces a file on a branch; open pull requests from it follow. */
    async commitFile(place: RepositoryName, file: FilePlace & { readonly content: string }) {
      const { path, branch } = file;
      const content = Buffer.from(file.content).toString("base64");
      const change = { message: `Write ${path}`, content, branch, sha: await shaOf(place, file) };
      await request("PUT", `${repository(place)}/contents/${path}`, change);
    },
    async deleteFile(place: RepositoryName, file: FilePlace) {
      const { path, branch } = file;
      const change = { message: `Delete ${path}`, branch, sha: await shaOf(place, file) };
      await request("DELETE", `${repository(place)}/contents/${path}`, change);
    },
    /** Makes a branch of the default branch. */
    async createBranch(place: RepositoryName, name: string) {
      const path = repository(place);
      const { default_branch } = await request<Repository>("GET", path);
      const { commit } = await request<{ readonly commit: Shaped }>(
        "GET",
        `${path}/branches/${default_branch}`,
      );
      await request("POST", `${path}/git/refs`, { ref: `refs/heads/${name}`, sha: commit.sha });
    },
    /** Deletes a branch, which closes the pull requests from it. */
    deleteBranch: (place: RepositoryName, name: string) =>
      request("DELETE", `${repository(place)}/git/refs/heads/${name}`),
  };
}

/** What a person does with a repository as a whole. */
export function repositoryActions(request: Request) {
  async function change(method: string, path: string, changes: object): Promise<RepositoryName> {
    const { owner, name } = await request<Repository>(method, path, changes);
    return { owner: owner.login, repo: name };
  }

  return {
    archive: (place: RepositoryName) => change("PATCH", repository(place), { archived: true }),
    unarchive: (place: RepositoryName) => change("PATCH", repository(place), { archived: false }),
    /** Gives the repository another name; the former one leads to it. */
    rename: (place: RepositoryName, name: string) => change("PATCH", repository(place), { name }),
    transfer: (place: RepositoryName, new_owner: string) =>
      change("POST", `${repository(place)}/transfer`, { new_owner }),
    deleteRepository: (place: RepositoryName) => request("DELETE", repository(place)),
  };
}

/** A comment and where it is. */
type PlacedComment = Comment & Subject;

/** What a person says on issues and pull requests. */
export function commentActions(request: Request) {
  async function post<Made>({ owner, repo, number }: Subject, path: string, body: object) {
    return { ...(await request<Made>("POST", path, body)), owner, repo, number };
  }

  return {
    comment: (subject: Subject, body: string) =>
      post<Comment>(subject, `${issue(subject)}/comments`, { body }),
    async editComment(edited: PlacedComment, body: string): Promise<PlacedComment> {
      return { ...edited, ...(await request<Comment>("PATCH", commentPath(edited), { body })) };
    },
    deleteComment: (deleted: PlacedComment) => request("DELETE", commentPath(deleted)),
    review: (
      subject: Subject,
      written: {
        readonly body?: string;
        readonly event?: "APPROVE" | "COMMENT" | "REQUEST_CHANGES";
      },
    ) => post<Review>(subject, `${pull(subject)}/reviews`, { event: "COMMENT", ...written }),
    reviewComment: (
      subject: Subject,
      written: { readonly body: string; readonly path?: string; readonly line?: number },
    ) =>
      post<Comment>(subject, `${pull(subject)}/comments`, {
        path: "README.md",
        line: 1,
        ...written,
      }),
  };
}

function repository({ owner, repo }: RepositoryName): string {
  return `/repos/${owner}/${repo}`;
}

function issue(subject: Subject): string {
  return `${repository(subject)}/issues/${subject.number}`;
}

function pull(subject: Subject): string {
  return `${repository(subject)}/pulls/${subject.number}`;
}

function commentPath(comment: PlacedComment): string {
  const kind = comment["pull_request_url"] === undefined ? "issues" : "pulls";
  return `${repository(comment)}/${kind}/comments/${comment.id}`;
}
