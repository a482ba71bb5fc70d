import type { Task, TaskState } from "./task.ts";

/** What the audit tells of a task, in the order in which it usually happens. */
export const AUDIT_STEPS = [
  "asked",
  "allowed",
  "denied",
  "answered",
  "session_asked_for",
  "session_started",
  "prompt_delivered",
  "failed",
  "tried_again",
  "cancelled",
  "ended",
] as const;

export type AuditStep = (typeof AUDIT_STEPS)[number];

/** A step of a task, and why it came to it where there is more than one reason. */
export interface AuditedStep {
  readonly step: AuditStep;
  /** Of `denied`, `failed` and `cancelled` the code, of `answered` the command, of `ended` the state. */
  readonly reason: string | null;
}

/** What an entry repeats of the task, as it was then: the task itself is forgotten earlier. */
type AuditedFields = Pick<
  Task,
  | "requester"
  | "requesterId"
  | "requesterRole"
  | "installationId"
  | "ownerId"
  | "owner"
  | "repositoryId"
  | "repository"
  | "subjectType"
  | "subjectNumber"
  | "triggerLabel"
  | "command"
  | "kind"
  | "promptDigest"
  | "policyCommit"
  | "defaultsCommit"
  | "sessionId"
>;

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

/** Which step a change of a task is; null for one that the audit does not tell. */
export function auditedStep(before: Task | null, after: Task): AuditedStep | null {
  if (before === null) return { step: "asked", reason: null };
  const isNew = (field: keyof Task) => after[field] !== null && after[field] !== before[field];
  const isFirst = (field: keyof Task) => after[field] !== null && before[field] === null;
  if (isNew("cancellation")) return { step: "cancelled", reason: after.cancellation };
  if (isNew("denial")) return { step: "denied", reason: after.denial };
  if (isNew("failureCode")) return { step: "failed", reason: after.failureCode };
  if (isFirst("answer")) return { step: "answered", reason: after.command };
  if (after.retries > before.retries) return { step: "tried_again", reason: null };
  if (isFirst("promptDeliveredAt")) return { step: "prompt_delivered", reason: null };
  if (isFirst("sessionStartedAt")) return { step: "session_started", reason: null };
  if (isFirst("sessionIntentAt")) return { step: "session_asked_for", reason: null };
  if (isFirst("branch")) return { step: "allowed", reason: null };
  const hasEnded = before.promptDeliveredAt !== null && isNew("state") && ENDS.has(after.state);
  return hasEnded ? { step: "ended", reason: after.state } : null;
}

/** The entry about a step of a task. */
export function auditEntry(task: Task, audited: AuditedStep, at: string): Omit<AuditEntry, "id"> {
  return {
    ...audited,
    at,
    taskId: task.id,
    requester: task.requester,
    requesterId: task.requesterId,
    requesterRole: task.requesterRole,
    installationId: task.installationId,
    ownerId: task.ownerId,
    owner: task.owner,
    repositoryId: task.repositoryId,
    repository: task.repository,
    subjectType: task.subjectType,
    subjectNumber: task.subjectNumber,
    triggerLabel: task.triggerLabel,
    command: task.command,
    kind: task.kind,
    promptDigest: task.promptDigest,
    policyCommit: task.policyCommit,
    defaultsCommit: task.defaultsCommit,
    sessionId: task.sessionId,
  };
}
