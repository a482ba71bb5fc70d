import type { CheckoutPart } from "../core/policy/hosting-terms.ts";
import type { GitAccess } from "../core/workspace/git.ts";
import type { TaskBranch } from "../core/workspace/names.ts";
import type { PushStop } from "../core/workspace/push-check.ts";

/** Which files a task works on. */
export interface WorkspaceRequest {
  /** The task's id. */
  readonly id: string;
  /** The repository's id on GitHub, which stays when it's renamed. */
  readonly repositoryId: number;
  /** How to fetch; the token is for this one repository. It never enters the workspace. */
  readonly access: GitAccess;
  readonly commit: string;
  /** The branch that's checked out, and the only one that's pushed to. */
  readonly branch: TaskBranch;
  /** What is checked out beside the repository's own files; nothing, unless given. */
  readonly checkout?: readonly CheckoutPart[];
  /** Those that are checked out, too, parents before what's in them; none, unless given. */
  readonly submodules?: readonly WorkspaceSubmodule[];
}

/** A submodule that is checked out in a workspace. */
export interface WorkspaceSubmodule extends Pick<
  WorkspaceRequest,
  "repositoryId" | "access" | "commit"
> {
  /** Below the top of the workspace. */
  readonly path: string;
}

/** Where the files of a task are. */
export interface Workspace {
  /** The directory that a sandbox has as `/workspace`. After an agent was there, no program outside may use it. */
  readonly directory: string;
  /** Objects that it borrows, of its repository. */
  readonly objects: string;
  /** What the sandbox must be able to read, too: all that it borrows. */
  readonly readable: readonly string[];
}

/** What came of pushing: the commit that the branch has, or why nothing was pushed. */
export type PushOutcome =
  | { readonly type: "pushed"; readonly commit: string }
  | { readonly type: "stopped"; readonly reason: PushStop };

/** Clones for tasks, and what agents commit in them. */
export interface Workspaces {
  /**
   * Checks the commit out in a directory of the task's own.
   *
   * @param onMade called when the directory is there, and empty: what takes it may be started meanwhile
   * @throws LimitExceeded when it's too large, or the disk has no room
   * @throws when it can't be fetched
   */
  create(request: WorkspaceRequest, onMade?: () => void): Promise<Workspace>;
  /** Where the files of a task are that were created before. */
  placeOf(request: Pick<WorkspaceRequest, "id" | "repositoryId">): Workspace;
  /**
   * Pushes what was committed to the task's branch. Repeated, it does nothing more. The session's sandbox may still be
   * there: whatever runs in it meanwhile, only what was examined is pushed. An agent that's at work may be in the middle of
   * something, though, and is pushed as it is.
   */
  push(request: WorkspaceRequest): Promise<PushOutcome>;
  /** Removes a task's files. */
  remove(id: string): Promise<void>;
  /** Removes the files of all tasks but these. */
  sweep(ids: ReadonlySet<string>): Promise<void>;
  /**
   * Removes what was fetched and no task needs: commits of tasks that are gone, and repositories that no task has used for
   * 30 days. May take minutes; nothing has to wait for it, and it doesn't keep what's created waiting.
   */
  tidy(now: Date): Promise<void>;
}
