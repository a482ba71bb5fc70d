import type { FailureCode } from "./failure.ts";
import type { DenialReason } from "./denial.ts";
import type { Policy } from "./policy/policy.ts";
import type { Role } from "./role.ts";

/** Why the bot ended a task that nobody needs any more. */
export type Cancellation =
  | "subject_gone"
  | "installation_deleted"
  | "installation_suspended"
  | "repository_removed"
  | "repository_deleted"
  | "label_without_meaning"
  | "subject_closed"
  | "label_removed"
  | "branch_deleted"
  /** Somebody stopped it before it had begun. */
  | "stopped";

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

/**
 * Why the bot no longer follows a session: it is over, it was idle for long, the time for following is
 * over, others needed the room, or the bot cannot reach it.
 */
export type Unfollowed = "over" | "idle" | "time" | "room" | "unreachable";

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

  /** What is to be done, e.g. `triage`: a name that the policy gives to the label or the command. */
  readonly kind: string | null;
  /** `X-GitHub-Delivery` of the webhook that brought the trigger. */
  readonly deliveryId: string;
  /** One event, however many webhooks tell it. */
  readonly eventKey: string;
  /** For a label: one task that is about to begin for a subject and label; null once it has begun, or cannot. */
  readonly subjectKey: string | null;
  /** When the subject had last changed, as the trigger's webhook told: what is older is no news to it. */
  readonly triggeredAt: string;
  /** The label that was set, or null when the trigger was a command. */
  readonly triggerLabel: string | null;
  /** The name of the command that was written, or null when the trigger was a label. */
  readonly command: string | null;
  readonly commandPlace: CommandPlace | null;
  readonly commandCommentId: number | null;
  /** The requester's own words after the command. */
  readonly instructions: string;
  readonly requester: string;
  readonly requesterId: number;
  /** What the requester may do in the repository, as of the gate's last look. */
  readonly requesterRole: Role | null;

  /** Null when a repository's own webhook brought the event: it does not name the installation. */
  readonly installationId: number | null;
  readonly repositoryId: number;
  /** The account that the repository belongs to, and its name at that time. */
  readonly ownerId: number;
  readonly owner: string;
  readonly repository: string;
  readonly subjectType: SubjectType;
  readonly subjectNumber: number;

  /** The branch and commit that the prompt names, decided when the task runs. */
  readonly branch: string | null;
  readonly commit: string | null;
  /** The commit of the repository, and of the organisation's defaults, whose policy file was in force. */
  readonly policyCommit: string | null;
  readonly defaultsCommit: string | null;
  readonly acknowledgedAt: string | null;

  readonly sessionIntentAt: string | null;
  readonly sessionId: string | null;
  readonly sessionStartedAt: string | null;
  /** What the session itself says it has checked out (`context` of `session.start`). */
  readonly sessionRepository: string | null;
  readonly sessionBranch: string | null;
  /** SHA-256 of the prompt. */
  readonly promptDigest: string | null;
  /** What of the subject's text the prompt does not show, in a sentence; null when it shows all. */
  readonly leftOut: string | null;
  readonly promptIntentAt: string | null;
  readonly promptDeliveredAt: string | null;
  readonly linkUrl: string | null;
  /** `session`: told by the session itself; `documented`: built from the documented pattern. */
  readonly linkSource: "session" | "documented" | null;

  /** The labels that the policy wants on the subject of a running, and of a failed task. */
  readonly runningLabel: string | null;
  readonly failedLabel: string | null;
  /** Which of them is on the subject, because the bot has set it. */
  readonly shownLabel: string | null;
  /** The trigger's label while it still has to be taken off. */
  readonly labelToRemove: string | null;

  /** Until then the bot waits for an agent that is late, behind a comment that says so. */
  readonly watchUntil: string | null;

  /** The agent's last words, as it said them. */
  readonly said: string | null;
  /** What went wrong, in the session's own words. */
  readonly sessionFailure: string | null;
  /** What the agent waits for: a JSON list, see observation.ts. */
  readonly asking: string | null;
  /** Addresses of pull requests, one a line. */
  readonly pulls: string | null;
  /** When any of this last changed. */
  readonly seenAt: string | null;
  /** What came of the last thing that people told the task. One line of Markdown. */
  readonly note: string | null;
  /** Until then at most the bot follows the session; null before its link is posted, and after. */
  readonly followUntil: string | null;
  readonly unfollowed: Unfollowed | null;
  /** What the policy said when the session was asked for: on a closed subject, and to the agent's requests. */
  readonly onClose: Policy["onClose"] | null;
  readonly permissionsPolicy: Policy["permissionsPolicy"] | null;
  /** The repository's default branch at that time. */
  readonly defaultBranch: string | null;
  /** The commit that shall have a check run for this task; null where the policy wants none. */
  readonly checkCommit: string | null;
  readonly checkRunId: number | null;
  /** SHA-256 of the check run as last written. */
  readonly checkRunDigest: string | null;
  /** The failed task that this one tries again. */
  readonly retryOf: string | null;

  readonly denial: DenialReason | null;
  /** The denial's sentence; null for a stranger, whom the bot does not answer with words. */
  readonly denialText: string | null;
  /** What the bot answers to a question about itself. Markdown. */
  readonly answer: string | null;
  readonly cancellation: Cancellation | null;
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
    | "subjectKey"
    | "notBefore"
    | "retries"
    | "kind"
    | "owner"
    | "ownerId"
    | "repository"
    | "installationId"
    | "requesterRole"
    | "branch"
    | "commit"
    | "policyCommit"
    | "defaultsCommit"
    | "acknowledgedAt"
    | "sessionIntentAt"
    | "sessionId"
    | "sessionStartedAt"
    | "sessionRepository"
    | "sessionBranch"
    | "promptDigest"
    | "leftOut"
    | "promptIntentAt"
    | "promptDeliveredAt"
    | "linkUrl"
    | "linkSource"
    | "runningLabel"
    | "failedLabel"
    | "shownLabel"
    | "labelToRemove"
    | "watchUntil"
    | "said"
    | "sessionFailure"
    | "asking"
    | "pulls"
    | "seenAt"
    | "note"
    | "followUntil"
    | "unfollowed"
    | "onClose"
    | "permissionsPolicy"
    | "defaultBranch"
    | "checkCommit"
    | "checkRunId"
    | "checkRunDigest"
    | "retryOf"
    | "instructions"
    | "denial"
    | "denialText"
    | "answer"
    | "cancellation"
    | "failureCode"
    | "failureDetail"
    | "commentIntentAt"
    | "commentId"
    | "commentDigest"
  >
>;
