import type { Cancellation } from "../core/task/outcome.ts";
import type { DenialReason } from "../core/task/denial.ts";
import type { Role } from "../core/github/role.ts";
import type { Misplacement } from "../core/command/misplaced.ts";
import type { GitHubTroubleType } from "../core/github/trouble.ts";
import type { FailureCause, FailureCode } from "../core/task/failure.ts";
import type { SessionLink, Unfollowed } from "../core/task/session.ts";
import type {
  CommandPlace,
  Lane,
  SubjectType,
  TaskDecision,
  TaskPlace,
  TaskState,
} from "../core/task/task.ts";

/** A row of the table of tasks: its columns, as the migrations made them. */
export interface TaskRow {
  readonly id: string;
  readonly state: TaskState;
  readonly attempt: number;
  readonly leaseUntil: string | null;
  readonly lane: Lane | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly settledAt: string | null;
  readonly notBefore: string | null;
  readonly retries: number;
  readonly waitingSince: string | null;
  readonly atOnce: number | null;
  readonly kind: string | null;
  readonly deliveryId: string;
  readonly eventKey: string;
  /** While the label may not ask again: unique among the tasks that are not settled. */
  readonly subjectKey: string | null;
  readonly triggeredAt: string;
  /** Null for a command. */
  readonly triggerLabel: string | null;
  /** These are null for a label; a command of an erased person has no comment. */
  readonly command: string | null;
  readonly commandPlace: CommandPlace | null;
  readonly commandCommentId: number | null;
  readonly misplaced: Misplacement | null;
  readonly instructions: string;
  readonly viaApp: string | null;
  readonly requester: string;
  readonly requesterId: number;
  readonly requesterRole: Role | null;
  readonly installationId: number | null;
  readonly repositoryId: number;
  readonly ownerId: number;
  readonly owner: string;
  readonly ownerType: TaskPlace["ownerType"];
  readonly repository: string;
  readonly subjectType: SubjectType;
  readonly subjectNumber: number;
  readonly branch: string | null;
  readonly commit: string | null;
  readonly policyCommit: string | null;
  readonly defaultsCommit: string | null;
  readonly acknowledgedAt: string | null;
  readonly sessionIntentAt: string | null;
  readonly sessionId: string | null;
  readonly sessionStartedAt: string | null;
  readonly sessionRepository: string | null;
  readonly sessionBranch: string | null;
  /** 1 when the session can't be reached again; null when it can. */
  readonly cannotResume: number | null;
  /** A JSON list. */
  readonly settings: string | null;
  readonly promptDigest: string | null;
  readonly leftOut: string | null;
  readonly promptIntentAt: string | null;
  readonly promptDeliveredAt: string | null;
  readonly linkUrl: string | null;
  readonly linkSource: SessionLink["source"] | null;
  readonly runningLabel: string | null;
  readonly failedLabel: string | null;
  readonly shownLabel: string | null;
  readonly labelToRemove: string | null;
  readonly watchUntil: string | null;
  readonly said: string | null;
  readonly sessionFailure: string | null;
  /** A JSON list. */
  readonly asking: string | null;
  /** One address a line. */
  readonly pulls: string | null;
  readonly seenAt: string | null;
  readonly note: string | null;
  readonly followUntil: string | null;
  readonly unfollowed: Unfollowed | null;
  readonly onClose: TaskDecision["onClose"];
  readonly permissionsPolicy: TaskDecision["permissionsPolicy"];
  readonly defaultBranch: string | null;
  readonly checkCommit: string | null;
  readonly checkRunId: number | null;
  readonly checkRunDigest: string | null;
  readonly retryOf: string | null;
  readonly denial: DenialReason | null;
  readonly denialText: string | null;
  readonly answer: string | null;
  readonly cancellation: Cancellation | null;
  readonly failureCode: FailureCode | null;
  readonly failureCause: FailureCause | null;
  readonly failurePassesAt: string | null;
  readonly failureDetail: string | null;
  readonly commentIntentAt: string | null;
  readonly commentId: number | null;
  readonly commentDigest: string | null;
  /** Words with a space between them. */
  readonly notify: string | null;
  readonly noticeAbout: string | null;
  readonly noticeIntentAt: string | null;
  readonly noticeId: number | null;
  readonly noticeDigest: string | null;
  readonly refusedSince: string | null;
  readonly refusals: number;
  readonly refusalType: GitHubTroubleType | null;
  readonly refusalMessage: string | null;
  readonly movedFrom: string | null;
}
