import type { Role } from "../github/role.ts";
import type { SubjectType, Task, TaskState } from "./task.ts";
import { purposeOf } from "./purpose.ts";
import { commandOf, isFromPage } from "./task.ts";
import type { IdentityChoice } from "../policy/identity-choice.ts";
import { DEFAULT_ACCOUNT } from "../policy/identity-choice.ts";

/** What the audit records of a task, in the order in which it usually happens. */
export const AUDIT_STEPS = [
  "asked",
  "allowed",
  "denied",
  "answered",
  "passed_on",
  "session_asked_for",
  "session_started",
  "prompt_delivered",
  "failed",
  "tried_again",
  "canceled",
  "ended",
] as const;

export type AuditStep = (typeof AUDIT_STEPS)[number];

/** A step of a task, and why it came to it where there is more than one reason. */
export interface AuditedStep {
  readonly step: AuditStep;
  /**
   * Of `asked`, `page` for a button of a task's page, which leaves no comment on GitHub; of `denied`, `failed` and
   * `canceled` the code, of `answered` and `passed_on` the command, of `ended` the state.
   */
  readonly reason: string | null;
}

/** What an entry repeats of the task, as it was then: the task itself is forgotten earlier. */
interface AuditedFields {
  readonly requester: string;
  readonly requesterId: number;
  readonly requesterRole: Role | null;
  readonly installationId: number | null;
  readonly ownerId: number;
  readonly owner: string;
  readonly repositoryId: number;
  readonly repository: string;
  readonly subjectType: SubjectType;
  readonly subjectNumber: number;
  readonly triggerLabel: string | null;
  readonly command: string | null;
  readonly kind: string | null;
  readonly promptDigest: string | null;
  readonly policyCommit: string | null;
  readonly defaultsCommit: string | null;
  readonly sessionId: string | null;
  /**
   * Whose Copilot is charged: the requester's, or that of the bot's account. Null until that's decided, and in entries
   * from before people could connect theirs.
   */
  readonly identity: IdentityChoice | null;
}

/**
 * One line of the audit: who made the bot do what, where, and by which policy. Never what people wrote,
 * and no token. Entries are never changed.
 */
export interface AuditEntry extends AuditedStep, AuditedFields {
  /** Entries that were written later have a higher one. */
  readonly id: number;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly taskId: string;
}

/** States in which a session is over. */
const ENDS: ReadonlySet<TaskState> = new Set(["completed", "failed", "timed_out", "cancelled"]);

/** Which step a change of a task is; null for one that the audit doesn't record. */
export function auditedStep(before: Task | null, after: Task): AuditedStep | null {
  if (before === null) return { step: "asked", reason: isFromPage(after) ? "page" : null };
  const outcome = outcomeStep(before, after);
  if (outcome !== null) return outcome;
  const isFirst = (field: (task: Task) => string | null) =>
    field(after) !== null && field(before) === null;
  if (after.schedule.retries > before.schedule.retries)
    return { step: "tried_again", reason: null };
  if (isFirst(({ session }) => session.prompt.deliveredAt)) {
    return { step: "prompt_delivered", reason: null };
  }
  if (isFirst(({ session }) => session.startedAt)) return { step: "session_started", reason: null };
  if (isFirst(({ session }) => session.intentAt))
    return { step: "session_asked_for", reason: null };
  if (isFirst(({ decision }) => decision.branch)) return { step: "allowed", reason: null };
  if (isPassedOn(before, after)) return { step: "passed_on", reason: commandOf(after) };
  const hasEnded =
    before.session.prompt.deliveredAt !== null &&
    before.state !== after.state &&
    ENDS.has(after.state);
  return hasEnded ? { step: "ended", reason: after.state } : null;
}

/** A command to a session: whose it is, is in the entries with the same session id. */
function isPassedOn({ settledAt: before }: Task, after: Task): boolean {
  if (before !== null || after.settledAt === null || after.outcome !== null) return false;
  return purposeOf(after).type === "session_command";
}

/** A new outcome, or one for another reason. */
function outcomeStep({ outcome: before }: Task, after: Task): AuditedStep | null {
  const { outcome } = after;
  switch (outcome?.type) {
    case "canceled":
      if (before?.type === "canceled" && before.why === outcome.why) return null;
      return { step: "canceled", reason: outcome.why };
    case "denied":
      if (before?.type === "denied" && before.reason === outcome.reason) return null;
      return { step: "denied", reason: outcome.reason };
    case "failed":
      if (before?.type === "failed" && before.code === outcome.code) return null;
      return { step: "failed", reason: outcome.code };
    case "answered":
      if (before?.type === "answered") return null;
      return { step: "answered", reason: commandOf(after) };
    case undefined:
      return null;
    default:
      return outcome satisfies never;
  }
}

/** The entry about a step of a task. */
export function auditEntry(task: Task, audited: AuditedStep, at: string): Omit<AuditEntry, "id"> {
  const { trigger, requester, place, subject, decision, session } = task;
  return {
    ...audited,
    at,
    taskId: task.id,
    requester: requester.login,
    requesterId: requester.id,
    requesterRole: requester.role,
    installationId: place.installationId,
    ownerId: place.ownerId,
    owner: place.owner,
    repositoryId: place.repositoryId,
    repository: place.repository,
    subjectType: subject.type,
    subjectNumber: subject.number,
    triggerLabel: trigger.type === "label" ? trigger.name : null,
    command: commandOf(task),
    kind: decision.kind,
    promptDigest: session.prompt.digest,
    policyCommit: decision.policyCommit,
    defaultsCommit: decision.defaultsCommit,
    sessionId: session.id,
    identity: chargedTo(task),
  };
}

/** Where nobody can connect their Copilot, nothing is chosen: everything is the account's. */
function chargedTo({ decision }: Task): IdentityChoice | null {
  return decision.branch === null ? null : (decision.identity ?? DEFAULT_ACCOUNT);
}
