import { commentActions, fileActions, repositoryActions, subjectActions } from "./actions.ts";
import type { Performed } from "./github.ts";
import { fineGrainedTokenOf, tokenOf } from "./seed.ts";
import type { Ask, Comment, Issue, Label, Pull } from "./shapes.ts";
import type { RepositoryName, Review, Subject } from "./shapes.ts";
import { trusted } from "./shapes.ts";

/** A comment and where it is. */
export type PlacedComment = Comment & Subject;

/** A person at work; each action resolves when the bot has answered the webhooks that it caused. */
export interface Person {
  readonly login: string;
  /** An OAuth token, `gho_`. */
  readonly token: string;
  /** A fine-grained personal access token, `github_pat_`. */
  readonly fineGrainedToken: string;
  openIssue(repository: RepositoryName, issue: NewIssue): Promise<Issue & Subject>;
  /** `head` is a branch, or `owner:branch` of a fork. */
  openPullRequest(repository: RepositoryName, pull: NewPull): Promise<Pull & Subject>;
  edit(subject: Subject, changes: Edit): Promise<void>;
  label(subject: Subject, name: string): Promise<readonly Label[]>;
  unlabel(subject: Subject, name: string): Promise<readonly Label[]>;
  close(subject: Subject): Promise<void>;
  reopen(subject: Subject): Promise<void>;
  /** The reason is `off-topic`, `too heated`, `resolved` or `spam`. */
  lock(subject: Subject, reason?: string): Promise<void>;
  unlock(subject: Subject): Promise<void>;
  merge(pull: Subject): Promise<void>;
  comment(subject: Subject, body: string): Promise<PlacedComment>;
  editComment(comment: PlacedComment, body: string): Promise<PlacedComment>;
  deleteComment(comment: PlacedComment): Promise<void>;
  review(pull: Subject, review: NewReview): Promise<Review & Subject>;
  reviewComment(pull: Subject, comment: NewReviewComment): Promise<PlacedComment>;
  /** Creates or replaces a file on a branch, of which open pull requests from it tell. */
  commitFile(repository: RepositoryName, file: NewFile): Promise<void>;
  deleteFile(repository: RepositoryName, file: FilePlace): Promise<void>;
  /** Makes a branch of the default branch. */
  createBranch(repository: RepositoryName, name: string): Promise<void>;
  /** Deletes a branch, which closes the pull requests from it. */
  deleteBranch(repository: RepositoryName, name: string): Promise<void>;
  archive(repository: RepositoryName): Promise<void>;
  unarchive(repository: RepositoryName): Promise<void>;
  /** Gives the repository another name; the former one leads to it. */
  rename(repository: RepositoryName, name: string): Promise<RepositoryName>;
  /** Gives the repository to somebody else. */
  transfer(repository: RepositoryName, newOwner: string): Promise<RepositoryName>;
  deleteRepository(repository: RepositoryName): Promise<void>;
}

/** What an issue is opened with. */
export interface NewIssue {
  readonly title: string;
  readonly body?: string;
  /** Set after opening, as GitHub tells it: `opened`, then `labeled`. */
  readonly labels?: readonly string[];
}

/** What a pull request is opened with; `base` is `main` unless told. */
export interface NewPull {
  readonly title: string;
  readonly body?: string;
  readonly head: string;
  readonly base?: string;
}

/** What to change of an issue or pull request. */
export interface Edit {
  readonly title?: string;
  readonly body?: string;
  readonly state?: "open" | "closed";
}

/** A review; without an event it comments. */
export interface NewReview {
  readonly body?: string;
  readonly event?: "APPROVE" | "COMMENT" | "REQUEST_CHANGES";
}

/** A comment on a line. */
export interface NewReviewComment {
  readonly body: string;
  readonly path?: string;
  readonly line?: number;
}

/** Where a file is; its branch is the default branch unless told. */
export interface FilePlace {
  readonly path: string;
  readonly branch?: string | undefined;
}

/** A file. */
export interface NewFile extends FilePlace {
  readonly content: string;
}

/** A person who acts through GitHub's API without being counted among the bot's requests. */
export function createPerson(login: string, perform: (ask: Ask) => Promise<Performed>): Person {
  const token = tokenOf(login);

  async function request<Entity>(method: string, path: string, body?: unknown): Promise<Entity> {
    const [pathname = "", search] = path.split("?");
    const query = search === undefined ? "" : `?${search}`;
    const authorization = `Bearer ${token}`;
    const ask = { method, query, authorization, body };
    const { answer, delivered } = await follow(await perform({ ...ask, path: pathname }), ask);
    if (answer.status >= 400) {
      const told = JSON.stringify(answer.body);
      throw new Error(`GitHub answers ${login}'s ${method} ${path} with ${answer.status}: ${told}`);
    }
    await delivered;
    return trusted<Entity>(answer.body);
  }

  /** Goes where GitHub sends who asks for a repository by a former name. */
  async function follow(performed: Performed, ask: Omit<Ask, "path">): Promise<Performed> {
    const { location } = performed.answer.headers;
    if (performed.answer.status >= 400 || location === undefined) return performed;
    return perform({ ...ask, path: new URL(location).pathname.replace(/^\/api\/v3/, "") });
  }

  const identity = { login, token, fineGrainedToken: fineGrainedTokenOf(login) };
  const files = { ...fileActions(request), ...repositoryActions(request) };
  return { ...identity, ...subjectActions(request), ...commentActions(request), ...files };
}
