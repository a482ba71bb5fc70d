import { NOTICE_TYPES } from "../core/comment/notice.ts";
import type { Asked } from "../core/task/asking.ts";
import type { TaskOutcome } from "../core/task/outcome.ts";
import type { TaskSession } from "../core/task/session.ts";
import type { TaskShown } from "../core/task/shown.ts";
import type { Task, TaskDecision, TaskPlace, TaskTrigger } from "../core/task/task.ts";
import type { TaskRow } from "./task-row.ts";

/** The task that a row keeps. */
export function taskOf(row: TaskRow): Task {
  const { id, state, attempt, createdAt, updatedAt, settledAt } = row;
  const { notBefore, retries, waitingSince, atOnce } = row;
  return {
    id,
    state,
    attempt,
    createdAt,
    updatedAt,
    settledAt,
    lease: row.leaseUntil === null ? null : { until: row.leaseUntil, lane: row.lane ?? "receive" },
    schedule: { notBefore, retries, waitingSince, atOnce },
    trigger: triggerOf(row),
    requester: { login: row.requester, id: row.requesterId, role: row.requesterRole },
    place: placeOf(row),
    subject: { type: row.subjectType, number: row.subjectNumber },
    decision: decisionOf(row),
    session: sessionOf(row),
    shown: shownOf(row),
    outcome: outcomeOf(row),
  };
}

function triggerOf(row: TaskRow): TaskTrigger {
  const { deliveryId, eventKey, triggeredAt: at } = row;
  if (row.triggerLabel !== null) {
    return { type: "label", name: row.triggerLabel, deliveryId, eventKey, at };
  }
  const { misplaced, viaApp, instructions } = row;
  return {
    type: "command",
    name: row.command ?? "",
    place: row.commandPlace ?? "issue_comment",
    commentId: row.commandCommentId ?? 0,
    misplaced,
    viaApp,
    instructions,
    deliveryId,
    eventKey,
    at,
  };
}

function placeOf(row: TaskRow): TaskPlace {
  const { installationId, repositoryId, ownerId, owner, ownerType, repository, movedFrom } = row;
  return { installationId, repositoryId, ownerId, owner, ownerType, repository, movedFrom };
}

function decisionOf(row: TaskRow): TaskDecision {
  const { kind, retryOf, branch, commit, policyCommit, defaultsCommit, acknowledgedAt } = row;
  const { defaultBranch, onClose, permissionsPolicy, checkCommit } = row;
  return {
    kind,
    retryOf,
    branch,
    commit,
    policyCommit,
    defaultsCommit,
    acknowledgedAt,
    defaultBranch,
    onClose,
    permissionsPolicy,
    notify: notifyOf(row),
    labels: { running: row.runningLabel, failed: row.failedLabel },
    checkCommit,
  };
}

function notifyOf({ notify }: TaskRow): TaskDecision["notify"] {
  const words = new Set((notify ?? "").split(" "));
  return NOTICE_TYPES.filter((type) => words.has(type));
}

function sessionOf(row: TaskRow): TaskSession {
  return {
    intentAt: row.sessionIntentAt,
    id: row.sessionId,
    startedAt: row.sessionStartedAt,
    repository: row.sessionRepository,
    branch: row.sessionBranch,
    canResume: row.cannotResume === null,
    settings: row.settings === null ? [] : JSON.parse(row.settings),
    prompt: {
      digest: row.promptDigest,
      leftOut: row.leftOut,
      intentAt: row.promptIntentAt,
      deliveredAt: row.promptDeliveredAt,
    },
    link:
      row.linkUrl === null ? null : { url: row.linkUrl, source: row.linkSource ?? "documented" },
    followUntil: row.followUntil,
    unfollowed: row.unfollowed,
    progress: {
      said: row.said,
      failure: row.sessionFailure,
      asking: askingOf(row),
      pulls: (row.pulls ?? "").split("\n").filter((url) => url !== ""),
      seenAt: row.seenAt,
      note: row.note,
    },
  };
}

/**
 * An older bot has not written down what is to be shown of a permission: it's asked for again when the session is
 * reached.
 */
function askingOf({ asking }: TaskRow): readonly Asked[] {
  if (asking === null) return [];
  const all: readonly Asked[] = JSON.parse(asking);
  return all.filter((one) => one.asking.type !== "permission" || "details" in one.asking);
}

function shownOf(row: TaskRow): TaskShown {
  const { commentIntentAt, commentId, commentDigest } = row;
  const { noticeAbout, noticeIntentAt, noticeId, noticeDigest } = row;
  const { checkRunId, checkRunDigest, refusedSince, refusalType, refusalMessage } = row;
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
    checkRun: checkRunId === null ? null : { id: checkRunId, digest: checkRunDigest ?? "" },
    refused:
      refusedSince === null
        ? null
        : {
            since: refusedSince,
            count: row.refusals,
            type: refusalType ?? "unreachable",
            message: refusalMessage ?? "",
          },
  };
}

/** Older bots, and the end of an installation, may have left several: the last that can come counts. */
function outcomeOf(row: TaskRow): TaskOutcome | null {
  if (row.cancellation !== null) return { type: "canceled", why: row.cancellation };
  if (row.denial !== null) return { type: "denied", reason: row.denial, text: row.denialText };
  if (row.answer !== null) return { type: "answered", markdown: row.answer };
  if (row.failureCode === null) return null;
  return {
    type: "failed",
    code: row.failureCode,
    cause: row.failureCause,
    passesAt: row.failurePassesAt,
    detail: row.failureDetail,
    watchUntil: row.watchUntil,
  };
}
