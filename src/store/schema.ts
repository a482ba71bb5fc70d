import type { Generated } from "kysely";
import type { AuditEntry } from "../core/task/audit.ts";
import type { SessionCommand } from "../core/session/session-command.ts";
import type { ConnectionRow } from "../ports/connection-rows.ts";
import type { HostedRow, WorkerRow } from "../ports/hosting-rows.ts";
import type { Labeling, LabelingResult } from "../ports/labelings.ts";
import type { PolicyCheck, PolicyCheckResult } from "../ports/policy-checks.ts";
import type { WebSessionRow } from "../ports/web-session-rows.ts";
import type { TaskRow } from "./task-row.ts";

/** The one row that says how far the recovery of missed deliveries has come. */
interface RecoveryRow {
  readonly id: 1;
  readonly cursor: string;
  /** Delivery ids, as a JSON list. */
  readonly asked: string;
  /** Until then one replica is at it. */
  readonly leaseUntil: string | null;
}

/** A commit of a pull request from a fork that a maintainer has let Copilot work on. */
interface ApprovalRow extends Pick<
  TaskRow,
  | "repositoryId"
  | "subjectNumber"
  | "requester"
  | "requesterId"
  | "installationId"
  | "ownerId"
  | "createdAt"
> {
  readonly commit: string;
}

/** An installation of the App, as far as GitHub has reported it. */
interface InstallationRow {
  readonly id: number;
  readonly ownerId: number | null;
  readonly owner: string | null;
  readonly suspendedAt: string | null;
  /** When the bot learned of it. */
  readonly deletedAt: string | null;
  /** The newest time that a webhook named. */
  readonly updatedAt: string;
}

/** When a repository last got another name or owner, so that older news changes nothing. */
interface RepositoryRow {
  readonly id: number;
  readonly updatedAt: string;
}

/** A delivery about an installation or a repository that has been applied. */
interface LifeEventRow {
  readonly deliveryId: string;
  readonly appliedAt: string;
}

/** A command to a task, from its thread or its page. */
interface SessionCommandRow extends Omit<SessionCommand, "place"> {
  readonly place: "page" | null;
  readonly createdAt: string;
  /** When a process began to carry it out. */
  readonly takenAt: string | null;
  /** When what came of it was in the row of its task. */
  readonly doneAt: string | null;
}

/** What proves an entry of the audit, and that no entry before it is missing. Digests are SHA-256, in hex. */
interface AuditSealRow {
  readonly auditId: number;
  /** The id of the installation; of an account, below zero, where no installation was named. */
  readonly chain: number;
  /** The place in the chain, from 1. */
  readonly position: number;
  /** ISO 8601 in UTC. */
  readonly sealedAt: string;
  /** Null when the requester was erased. */
  readonly salt: string | null;
  /** Null when the entry was deleted. */
  readonly requesterDigest: string | null;
  readonly entryDigest: string;
  readonly digest: string;
}

/** The one row that says how far the sealing of the audit has come. */
interface AuditSealingRow {
  readonly id: 1;
  /** Entries up to this id are all sealed. */
  readonly sealedTo: number;
  /** Up to this id they will be, some time after `nextAt`. */
  readonly nextTo: number;
  readonly nextAt: string;
}

/** A person's connection; the tokens are encrypted. */
interface ConnectionColumns extends Omit<ConnectionRow, "rights" | "sealed"> {
  /** As JSON. */
  readonly rights: string;
  /** Null when the connection has ended. */
  readonly sealedToken: string | null;
  readonly sealedRefreshToken: string | null;
}

/** A pull request whose policy file is to be checked. */
export interface PolicyCheckRow extends PolicyCheck {
  /** Until then nobody takes it: GitHub has refused it, or somebody is at it. */
  readonly notBefore: string;
  /** When its check run was about to be created. */
  readonly intentAt: string | null;
  readonly checkRunId: number | null;
  readonly result: PolicyCheckResult | null;
  readonly settledAt: string | null;
}

/** A repository that's to get its labels, or has got them. */
export interface LabelingRow extends Omit<Labeling, "triedAt"> {
  /** When that was asked for. */
  readonly createdAt: string;
  /** Until then nobody takes it: it isn't due, or somebody is at it. */
  readonly notBefore: string;
  /** Null until somebody takes it. */
  readonly triedAt: string | null;
  readonly result: LabelingResult | null;
  readonly settledAt: string | null;
}

/** How many labels were created in an installation in a minute of the last hour. */
interface LabelWritesRow {
  readonly installationId: number;
  /** E.g. `2026-11-30T12:05`, in UTC. */
  readonly minute: string;
  readonly count: number;
}

/** The one row that is overwritten to find out whether the database can be written. */
export interface WriteCheckRow {
  readonly id: 1;
  readonly content: string;
}

/** A worker that has ever been there. */
interface HostingWorkerRow extends Omit<WorkerRow, "labels" | "upMs" | "silentMs"> {
  /** As JSON. */
  readonly labels: string;
  /** When it was started, by the same clock as below. */
  readonly startedAt: number;
  /** When it last said that it's there, by the database's clock, in milliseconds since the epoch. */
  readonly beatAt: number;
}

/** A session on a worker. */
interface HostedSessionRow extends Omit<HostedRow, "request" | "failure"> {
  /** As JSON. */
  readonly request: string;
  readonly failure: string | null;
  /** Of the letters of whoever asked for it. */
  readonly version: Generated<number>;
  /** By the database's clock, in milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** What one process has sent another, and that one hasn't taken in yet. */
interface HostingMailRow {
  readonly position: Generated<number>;
  readonly id: string;
  readonly recipient: string;
  /** As JSON. */
  readonly content: string;
  /** By the database's clock, in milliseconds since the epoch. */
  readonly sentAt: number;
}

/** The tables. */
export interface Schema {
  tasks: Omit<TaskRow, "refusals"> & { readonly refusals: Generated<number> };
  audit: Omit<AuditEntry, "id"> & { readonly id: Generated<number> };
  auditSeals: AuditSealRow;
  auditSealing: AuditSealingRow;
  approvals: ApprovalRow;
  connections: ConnectionColumns;
  orders: SessionCommandRow;
  hostedSessions: HostedSessionRow;
  hostingMail: HostingMailRow;
  hostingWorkers: HostingWorkerRow;
  installations: InstallationRow;
  repositories: RepositoryRow;
  lifeEvents: LifeEventRow;
  labelings: LabelingRow;
  labelWrites: LabelWritesRow;
  policyChecks: PolicyCheckRow;
  recovery: RecoveryRow;
  webSessions: WebSessionRow;
  writeChecks: WriteCheckRow;
}
