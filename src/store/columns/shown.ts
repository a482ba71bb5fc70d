import type { GitHubTroubleType } from "../../core/github/trouble.ts";
import type { GitHubRefusal, ShownCheckRun, TaskShown } from "../../core/task/shown.ts";

/** The check run: both columns are null, or neither. */
interface CheckRunColumns {
  readonly checkRunId: number | null;
  readonly checkRunDigest: string | null;
}

/** What GitHub refuses: `refusedSince` is null while it refuses nothing. */
interface RefusedColumns {
  readonly refusedSince: string | null;
  readonly refusals: number;
  readonly refusalType: GitHubTroubleType | null;
  readonly refusalMessage: string | null;
}

/** The columns of what people see of a task. */
export interface ShownColumns extends CheckRunColumns, RefusedColumns {
  readonly commentIntentAt: string | null;
  readonly commentId: number | null;
  readonly commentDigest: string | null;
  readonly noticeAbout: string | null;
  readonly noticeIntentAt: string | null;
  readonly noticeId: number | null;
  readonly noticeDigest: string | null;
  readonly shownLabel: string | null;
  readonly labelToRemove: string | null;
}

export function shownColumns(shown: TaskShown): ShownColumns {
  const { comment, notice } = shown;
  return {
    commentIntentAt: comment.intentAt,
    commentId: comment.id,
    commentDigest: comment.digest,
    noticeAbout: notice.about,
    noticeIntentAt: notice.intentAt,
    noticeId: notice.id,
    noticeDigest: notice.digest,
    shownLabel: shown.label,
    labelToRemove: shown.labelToRemove,
    ...checkRunColumns(shown),
    ...refusedColumns(shown),
  };
}

export function shownOf(row: ShownColumns): TaskShown {
  const { commentIntentAt, commentId, commentDigest } = row;
  const { noticeAbout, noticeIntentAt, noticeId, noticeDigest } = row;
  return {
    comment: { intentAt: commentIntentAt, id: commentId, digest: commentDigest },
    notice: {
      about: noticeAbout,
      intentAt: noticeIntentAt,
      id: noticeId,
      digest: noticeDigest,
    },
    label: row.shownLabel,
    labelToRemove: row.labelToRemove,
    checkRun: checkRunOf(row),
    refused: refusedOf(row),
  };
}

export function checkRunColumns({ checkRun }: Pick<TaskShown, "checkRun">): CheckRunColumns {
  return { checkRunId: checkRun?.id ?? null, checkRunDigest: checkRun?.digest ?? null };
}

function checkRunOf({ checkRunId: id, checkRunDigest }: CheckRunColumns): ShownCheckRun | null {
  return id === null ? null : { id, digest: checkRunDigest ?? "" };
}

export function refusedColumns({ refused }: Pick<TaskShown, "refused">): RefusedColumns {
  return {
    refusedSince: refused?.since ?? null,
    refusals: refused?.count ?? 0,
    refusalType: refused?.type ?? null,
    refusalMessage: refused?.message ?? null,
  };
}

function refusedOf(row: RefusedColumns): GitHubRefusal | null {
  const { refusedSince: since, refusals: count, refusalType, refusalMessage } = row;
  if (since === null) return null;
  return { since, count, type: refusalType ?? "unreachable", message: refusalMessage ?? "" };
}
