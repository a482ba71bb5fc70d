import type { Generated } from "kysely";
import type { AuditEntry } from "../core/audit.ts";
import type { Order } from "../core/order.ts";
import type { Task } from "../core/task.ts";

/** The one row that tells how far the recovery of missed deliveries has come. */
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
  Task,
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

/** An installation of the App, as far as GitHub has told. */
interface InstallationRow {
  readonly id: number;
  readonly ownerId: number | null;
  readonly owner: string | null;
  readonly suspendedAt: string | null;
  /** When the bot learnt of it. */
  readonly deletedAt: string | null;
  /** The newest time that a webhook told. */
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

/** What somebody has told a task in its thread. */
interface OrderRow extends Order {
  readonly createdAt: string;
  /** When a process began to carry it out. */
  readonly takenAt: string | null;
  /** When what came of it was in the row of its task. */
  readonly doneAt: string | null;
}

/** The tables. A task's columns are its fields. */
export interface Schema {
  tasks: Task;
  audit: Omit<AuditEntry, "id"> & { readonly id: Generated<number> };
  approvals: ApprovalRow;
  orders: OrderRow;
  installations: InstallationRow;
  repositories: RepositoryRow;
  lifeEvents: LifeEventRow;
  recovery: RecoveryRow;
}
