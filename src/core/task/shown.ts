import type { GitHubTroubleType } from "../github/trouble.ts";

/** A comment of the bot's: an intent before it is created, its id after that. */
export interface ShownComment {
  readonly intentAt: string | null;
  readonly id: number | null;
  /** SHA-256 of the body as last written, so that an edit that changes nothing is not made. */
  readonly digest: string | null;
}

/**
 * The second comment, which notifies the requester. Behind one that somebody else deleted, `id` and `intentAt` are null.
 */
export interface ShownNotice extends ShownComment {
  /** What the notice is about, e.g. `waiting a1b2 c3d4`; null when there is none. */
  readonly about: string | null;
}

/** What the requester is notified of: in a comment of its own, because an edit notifies nobody. */
export const NOTICE_TYPES = ["waiting", "failed", "completed"] as const;

export type NoticeType = (typeof NOTICE_TYPES)[number];

/** The check run of a task. */
export interface ShownCheckRun {
  readonly id: number;
  /** SHA-256 of the check run as last written. */
  readonly digest: string;
}

/** GitHub refuses what the task asks it for. */
export interface GitHubRefusal {
  readonly since: string;
  /** How often it has refused since then. */
  readonly count: number;
  /** Why, the last time, and in GitHub's words: one line. */
  readonly type: GitHubTroubleType;
  readonly message: string;
}

/** What people see of a task in GitHub. Only the reporter changes it. */
export interface TaskShown {
  readonly comment: ShownComment;
  readonly notice: ShownNotice;
  /** The label that is on the subject because the bot has set it. */
  readonly label: string | null;
  /** The trigger's label while it still has to be removed. */
  readonly labelToRemove: string | null;
  readonly checkRun: ShownCheckRun | null;
  /** Null while GitHub does what it is asked. */
  readonly refused: GitHubRefusal | null;
}

/** Nothing is to be seen yet. */
export const NOTHING_SHOWN: TaskShown = {
  comment: { intentAt: null, id: null, digest: null },
  notice: { about: null, intentAt: null, id: null, digest: null },
  label: null,
  labelToRemove: null,
  checkRun: null,
  refused: null,
};
