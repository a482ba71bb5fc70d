import { endsHold, holdOf } from "../core/task/label-hold.ts";
import type { TaskOutcome } from "../core/task/outcome.ts";
import { failureIn } from "../core/task/outcome.ts";
import type { Task } from "../core/task/task.ts";
import { addedInstructions, commandOf, misplacementOf } from "../core/task/task.ts";
import type { TaskRow } from "./task-row.ts";

/** What a task is written as at first: what its trigger says, and when that was. The other columns are null. */
export function newRow(task: Task) {
  const { id, state, attempt, createdAt, updatedAt, schedule } = task;
  const times = { createdAt, updatedAt };
  const row = { id, state, attempt, retries: schedule.retries, ...times, ...askedColumns(task) };
  return { ...row, subjectKey: holdOf(task) };
}

/** The columns whose values a change of a task has changed. */
export function changedColumns(before: Task, after: Task): Partial<TaskRow> {
  return {
    ...differing(columnsOf(before), columnsOf(after)),
    // These are written whole: whoever has the claim may hold the task as it was some writes ago, and old rows may
    // have several outcomes.
    ...wholeIfChanged(outcomeColumns(before.outcome), outcomeColumns(after.outcome)),
    ...wholeIfChanged(refusedColumns(before), refusedColumns(after)),
    ...wholeIfChanged(linkColumns(before), linkColumns(after)),
    ...wholeIfChanged(checkRunColumns(before), checkRunColumns(after)),
    ...(endsHold(before, after) ? { subjectKey: null } : {}),
  };
}

function wholeIfChanged<Columns extends object>(before: Columns, after: Columns): Partial<Columns> {
  return Object.keys(differing(before, after)).length === 0 ? {} : after;
}

function differing<Columns extends object>(before: Columns, after: Columns): Partial<Columns> {
  const old = new Map<string, unknown>(Object.entries(before));
  const changed: Partial<Columns> = {};
  for (const name in after) if (old.get(name) !== after[name]) changed[name] = after[name];
  return changed;
}

/** The columns of an outcome. */
type OutcomeColumns = Pick<
  TaskRow,
  | "denial"
  | "denialText"
  | "answer"
  | "cancellation"
  | "failureCode"
  | "failureCause"
  | "failurePassesAt"
  | "failureDetail"
  | "watchUntil"
>;

/** The columns that a change can concern in addition: the claim, its times, and the hold of a label are the store's. */
type TaskColumns = Omit<
  TaskRow,
  | keyof OutcomeColumns
  | "id"
  | "attempt"
  | "leaseUntil"
  | "lane"
  | "createdAt"
  | "updatedAt"
  | "subjectKey"
>;

/** The columns of a task without its outcome. */
export function columnsOf(task: Task): TaskColumns {
  const { state, settledAt, schedule } = task;
  return {
    state,
    settledAt,
    ...schedule,
    ...askedColumns(task),
    requesterRole: task.requester.role,
    movedFrom: task.place.movedFrom,
    ...decisionColumns(task),
    ...sessionColumns(task),
    ...shownColumns(task),
    ...refusedColumns(task),
    ...linkColumns(task),
    ...checkRunColumns(task),
  };
}

/** What a trigger says. */
function askedColumns(task: Task) {
  const { trigger, requester, place, subject } = task;
  const { deliveryId, eventKey, at: triggeredAt } = trigger;
  const { installationId, repositoryId, ownerId, owner, ownerType, repository } = place;
  const isCommand = trigger.type === "command";
  return {
    deliveryId,
    eventKey,
    triggeredAt,
    triggerLabel: isCommand ? null : trigger.name,
    command: commandOf(task),
    commandPlace: isCommand ? trigger.place : null,
    commandCommentId: isCommand ? trigger.commentId : null,
    misplaced: misplacementOf(task),
    instructions: addedInstructions(task),
    viaApp: isCommand ? trigger.viaApp : null,
    requester: requester.login,
    requesterId: requester.id,
    installationId,
    repositoryId,
    ownerId,
    owner,
    ownerType,
    repository,
    subjectType: subject.type,
    subjectNumber: subject.number,
  };
}

function decisionColumns({ decision: { notify, labels, ...decision } }: Task) {
  return {
    ...decision,
    notify: notify.length === 0 ? null : notify.join(" "),
    runningLabel: labels.running,
    failedLabel: labels.failed,
  };
}

function sessionColumns({ session }: Task) {
  const { prompt, progress } = session;
  const { said, failure, asking, pulls, seenAt, note } = progress;
  return {
    sessionIntentAt: session.intentAt,
    sessionId: session.id,
    sessionStartedAt: session.startedAt,
    sessionRepository: session.repository,
    sessionBranch: session.branch,
    cannotResume: session.canResume ? null : 1,
    settings: session.settings.length === 0 ? null : JSON.stringify(session.settings),
    promptDigest: prompt.digest,
    leftOut: prompt.leftOut,
    promptIntentAt: prompt.intentAt,
    promptDeliveredAt: prompt.deliveredAt,
    followUntil: session.followUntil,
    unfollowed: session.unfollowed,
    said,
    sessionFailure: failure,
    asking: asking.length === 0 ? null : JSON.stringify(asking),
    pulls: pulls.length === 0 ? null : pulls.join("\n"),
    seenAt,
    note,
  };
}

function shownColumns({ shown: { comment, notice, ...shown } }: Task) {
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
  };
}

function linkColumns({ session: { link } }: Task): Pick<TaskRow, "linkUrl" | "linkSource"> {
  return { linkUrl: link?.url ?? null, linkSource: link?.source ?? null };
}

function checkRunColumns({
  shown: { checkRun },
}: Task): Pick<TaskRow, "checkRunId" | "checkRunDigest"> {
  return { checkRunId: checkRun?.id ?? null, checkRunDigest: checkRun?.digest ?? null };
}

function refusedColumns({
  shown: { refused },
}: Task): Pick<TaskRow, "refusedSince" | "refusals" | "refusalType" | "refusalMessage"> {
  return {
    refusedSince: refused?.since ?? null,
    refusals: refused?.count ?? 0,
    refusalType: refused?.type ?? null,
    refusalMessage: refused?.message ?? null,
  };
}

/** The columns of an outcome, and of none. */
export function outcomeColumns(outcome: TaskOutcome | null): OutcomeColumns {
  const failure = failureIn(outcome);
  return {
    denial: outcome?.type === "denied" ? outcome.reason : null,
    denialText: outcome?.type === "denied" ? outcome.text : null,
    answer: outcome?.type === "answered" ? outcome.markdown : null,
    cancellation: outcome?.type === "canceled" ? outcome.why : null,
    failureCode: failure?.code ?? null,
    failureCause: failure?.cause ?? null,
    failurePassesAt: failure?.passesAt ?? null,
    failureDetail: failure?.detail ?? null,
    watchUntil: failure?.watchUntil ?? null,
  };
}
