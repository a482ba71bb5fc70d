import type { FailureCode } from "./failure.ts";
import type { DenialReason } from "./gate.ts";

/** What the bot can be asked for. One kind so far; each has a prompt template of its own. */
export type TaskKind = "triage";

/** GitHub's own words for the states of an agent's task. */
export type TaskState =
  | "queued"
  | "in_progress"
  | "waiting_for_user"
  | "idle"
  | "completed"
  | "failed"
  | "timed_out"
  | "cancelled";

/** What a task is claimed for: the quick look at the requester, or the start of its session. */
export type Lane = "receive" | "start";

export type SubjectType = "issue" | "pull_request";

/** Where a command was written: an issue comment, a review, or a comment on a line of the diff. */
export type CommandPlace = "issue_comment" | "review" | "review_comment";

/**
 * One unit of work: one row, one comment, at most one cloud session.
 *
 * The row is the whole truth. What a task has come to is told by what is recorded, an intent before
 * each effect outside and its result after it, so that after a crash the next step can be read off.
 * Times are ISO 8601 in UTC.
 */
export interface Task {
  readonly id: string;
  readonly state: TaskState;
  /** Raised by each claim; a write with an older attempt changes nothing. */
  readonly attempt: number;
  /** Until then the task belongs to who claimed it; null when nobody moves it. */
  readonly leaseUntil: string | null;
  /** What it was claimed for. */
  readonly lane: Lane | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Set when the bot has nothing left to do for this task, whatever goes on in the session. */
  readonly settledAt: string | null;
  /** A task that will be tried again is not looked at before this. */
  readonly notBefore: string | null;
  /** How many times the bot has tried again by itself. */
  readonly retries: number;

  readonly kind: TaskKind;
  /** `X-GitHub-Delivery` of the webhook that brought the trigger. */
  readonly deliveryId: string;
  /** One event, however many webhooks tell it. */
  readonly eventKey: string;
  /** For a label: one unsettled task for a subject and label. */
  readonly subjectKey: string | null;
  /** The label that was set, or null when the trigger was a command. */
  readonly triggerLabel: string | null;
  readonly commandPlace: CommandPlace | null;
  readonly commandCommentId: number | null;
  /** The requester's own words after the command. */
  readonly instructions: string;
  readonly requester: string;
  readonly requesterId: number;

  /** Null when a repository's own webhook brought the event: it does not name the installation. */
  readonly installationId: number | null;
  readonly repositoryId: number;
  readonly owner: string;
  readonly repository: string;
  readonly subjectType: SubjectType;
  readonly subjectNumber: number;

  /** The branch and commit that the prompt names, decided when the task runs. */
  readonly branch: string | null;
  readonly commit: string | null;
  readonly acknowledgedAt: string | null;

  readonly sessionIntentAt: string | null;
  readonly sessionId: string | null;
  readonly sessionStartedAt: string | null;
  /** What the session itself says it has checked out (`context` of `session.start`). */
  readonly sessionRepository: string | null;
  readonly sessionBranch: string | null;
  readonly promptIntentAt: string | null;
  readonly promptDeliveredAt: string | null;
  readonly linkUrl: string | null;
  /** `session`: told by the session itself; `documented`: built from the documented pattern. */
  readonly linkSource: "session" | "documented" | null;

  /** Until then the bot waits for an agent that is late, behind a comment that says so. */
  readonly watchUntil: string | null;

  readonly denial: DenialReason | null;
  readonly failureCode: FailureCode | null;
  readonly failureDetail: string | null;

  readonly commentIntentAt: string | null;
  readonly commentId: number | null;
  /** SHA-256 of the body as last written, so that an edit that changes nothing is not made. */
  readonly commentDigest: string | null;
}

/** The fields that a runner may change; everything else is decided by the trigger. */
export type TaskChanges = Partial<
  Pick<
    Task,
    | "state"
    | "settledAt"
    | "notBefore"
    | "retries"
    | "installationId"
    | "branch"
    | "commit"
    | "acknowledgedAt"
    | "sessionIntentAt"
    | "sessionId"
    | "sessionStartedAt"
    | "sessionRepository"
    | "sessionBranch"
    | "promptIntentAt"
    | "promptDeliveredAt"
    | "linkUrl"
    | "linkSource"
    | "watchUntil"
    | "denial"
    | "failureCode"
    | "failureDetail"
    | "commentIntentAt"
    | "commentId"
    | "commentDigest"
  >
>;
