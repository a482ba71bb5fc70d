import type { Membership } from "../core/access/facts.ts";
import type { Role } from "../core/github/role.ts";
import type { Author, Place, Survey } from "../core/access/survey.ts";
import type { CheckRun } from "../core/comment/check-run.ts";
import type { UngrantedPermission } from "../core/github/ungranted-permission.ts";
import type { Whereabouts } from "../core/task/thread-place.ts";
import type { GitHubTrouble } from "../core/github/trouble.ts";
import type { Task } from "../core/task/task.ts";

/** Asks GitHub what a task is about. Every method rejects when GitHub does not answer as asked. */
export interface Surveys {
  /** Requester, repository, subject and policy files, as of now. Two requests. */
  survey(task: Task): Promise<Survey>;
  /** What somebody may do in the task's repository now. A login that has changed hands has no role. */
  roleOf(task: Task, person: Author): Promise<Role>;
  /** What the requester is in a team. One request for members, two for others. */
  membership(task: Task, organization: string, team: string): Promise<Membership>;
  /** A branch of the task's repository; null when there is none of this name. */
  branch(task: Task, name: string): Promise<Place | null>;
  /** A text on the default branch of the repository, or of the organization's `.github`. */
  text(task: Task, of: "repository" | "organization", path: string): Promise<string | null>;
}

export type Reaction = "eyes" | "confused";

/** Writes to the thread of a task. Every method rejects when GitHub does not do as asked. */
export interface Threads {
  /**
   * On the command's comment, or on the subject for a label or a review. A command from a page has nothing to react to.
   * Repeating it is harmless.
   */
  react(task: Task, reaction: Reaction): Promise<void>;
  /**
   * The id of the App's own comment that begins with the marker, or null.
   *
   * @param except the id of one that isn't looked for
   */
  findComment(task: Task, marker: string, except?: number): Promise<number | null>;
  /** The id of the new comment. Not repeated by itself: a lost answer may hide a comment. */
  createComment(task: Task, body: string): Promise<number>;
  updateComment(task: Task, commentId: number, body: string): Promise<void>;
  /** A comment that isn't there is as good as deleted. */
  deleteComment(task: Task, commentId: number): Promise<void>;
}

/** Marks subjects of tasks. Every method rejects when GitHub does not do as asked. */
export interface Marks {
  /** Repeating it is harmless. A label that the repository does not have yet is created by GitHub. */
  addLabel(task: Task, label: string): Promise<void>;
  /** A label that is not there is as good as removed. */
  removeLabel(task: Task, label: string): Promise<void>;
  /** Creates a check run on a commit, or updates the one with the id; returns its id. */
  writeCheckRun(task: Task, commit: string, id: number | null, run: CheckRun): Promise<number>;
}

/** Finds threads that are not where they were. */
export interface Locator {
  /**
   * Where the thread of a task is now. Three requests, for a thread that GitHub says is gone. Rejects when
   * GitHub doesn't answer as asked.
   */
  whereabouts(task: Task): Promise<Whereabouts>;
}

/** A token of the installation's for one repository alone. */
export interface RepositoryToken {
  readonly type: "token";
  readonly token: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** The App may not do it there. */
export interface NotPermitted {
  readonly type: "not_permitted";
  /** Null where the App isn't installed on the repository. */
  readonly missing: UngrantedPermission | null;
}

/** A pull request to open. */
export interface NewPull {
  /** The branch with the commits. */
  readonly branch: string;
  /** The branch that they're for. */
  readonly base: string;
  readonly title: string;
  readonly body: string;
}

/** What came of opening a draft pull request. */
export type OpenedPull =
  | {
      readonly type: "pull";
      readonly number: number;
      readonly url: string;
      /** False for one that was there already. */
      readonly isNew: boolean;
      readonly isOpen: boolean;
    }
  /** The repository doesn't have drafts, so nothing was opened. */
  | { readonly type: "drafts_unsupported" }
  /** The base has all commits of the branch, so there's nothing to open. */
  | { readonly type: "nothing_new" }
  | NotPermitted;

/** A submodule, as `.gitmodules` has it. */
export interface FoundSubmodule {
  readonly path: string;
  /** May be anything. */
  readonly address: string;
  /** Null where the commit has none at this path. */
  readonly commit: string | null;
}

/** The submodules that a repository has at a commit. */
export interface SubmoduleList {
  readonly type: "list";
  /** The first 100. */
  readonly submodules: readonly FoundSubmodule[];
  /** How many there are in all. */
  readonly count: number;
}

/** A repository by its current name, with a token to fetch from it. */
export interface SubmoduleToken {
  readonly type: "readable";
  readonly repository: string;
  readonly repositoryId: number;
  readonly token: string;
}

/**
 * Why a repository isn't checked out for a task as a submodule. `refused`: GitHub shows it to nobody, like one that it has
 * taken down, or not to the App.
 */
export type UnreadableRepository = "not_installed" | "requester_cannot_read" | "refused";

/** What a session may read beside its own repository. Rejects when GitHub does not answer as asked. */
export interface Submodules {
  /** The submodules that a repository of the task's owner has at a commit. */
  submodulesAt(
    task: Pick<Task, "place">,
    repository: string,
    commit: string,
  ): Promise<SubmoduleList | { readonly type: UnreadableRepository }>;
  /**
   * A new token to fetch from another repository of the task's owner. It lasts an hour. Only if the App is installed there,
   * and the requester can read it: a task opens nothing to them.
   */
  submoduleToken(
    task: Pick<Task, "place" | "requester">,
    repository: string,
  ): Promise<SubmoduleToken | { readonly type: UnreadableRepository }>;
}

/** Publishes what agents commit. Every method rejects when GitHub does not answer as asked. */
export interface Publishing {
  /** A new token to fetch from the task's repository, or to push to it. It lasts an hour. */
  repositoryToken(
    task: Pick<Task, "place">,
    access: "read" | "write",
  ): Promise<RepositoryToken | NotPermitted>;
  /**
   * The pull request from a branch of the task's repository, whether it's open or closed; a new draft where there's none.
   * Repeating it never opens a second one.
   */
  openDraftPull(task: Pick<Task, "place">, pull: NewPull): Promise<OpenedPull>;
}

/** The App's slug: people address the bot by it. It's null where GitHub hasn't said it yet. */
export interface AppSlug {
  /** What is known now. Where nothing is, GitHub is asked meanwhile. */
  known(): string | null;
  /** Waits for GitHub, but not for one that has just failed. Never rejects. */
  asked(): Promise<string | null>;
  /** Whether GitHub accepts the App's key; null while it doesn't say. Never rejects. */
  isAccepted(): Promise<boolean | null>;
}

/** GitHub, as the App. */
export interface GitHub extends Surveys, Threads, Marks, Locator, Publishing, Submodules {
  readonly slug: AppSlug;
  /** What a rejection of the others means; null for an error that is not GitHub's: a defect. */
  troubleOf(error: unknown): GitHubTrouble | null;
}
