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

/** The tables. A task's columns are its fields. */
export interface Schema {
  tasks: Task;
  recovery: RecoveryRow;
}
