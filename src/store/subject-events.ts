import type { Kysely, SelectQueryBuilder, Transaction } from "kysely";
import { sql } from "kysely";
import type { SessionCommand } from "../core/session/session-command.ts";
import type { Task } from "../core/task/task.ts";
import type { SubjectEffects } from "../core/webhook/subject-effects.ts";
import { effectsOf } from "../core/webhook/subject-effects.ts";
import type { SubjectEvent } from "../core/webhook/subject-event.ts";
import type { AppliedToSubject, Subjects } from "../ports/events.ts";
import { isPostgres } from "./dialect.ts";
import type { AuditListener } from "./audit.ts";
import { auditedTransaction } from "./audit.ts";
import { cancel } from "./cancel.ts";
import { isFirstDelivery } from "./installations.ts";
import type { Schema } from "./schema.ts";
import { taskOf } from "./task-row.ts";

const NOTHING: AppliedToSubject = { canceled: 0, steered: [], unanswered: [] };

/** Subject events in an open, migrated database. */
export function createSubjects(
  database: Kysely<Schema>,
  now: () => Date,
  onAudited?: AuditListener,
): Subjects {
  return {
    async applySubjectEvent(event) {
      const concerned = await concernedBy(database, event).execute();
      // Most of what is closed has nothing to do with any task: then nothing is written.
      if (concerned.length === 0) return NOTHING;
      return auditedTransaction(database, onAudited, (transaction) =>
        apply(transaction, event, now().toISOString()),
      );
    },
  };
}

async function apply(
  transaction: Transaction<Schema>,
  event: SubjectEvent,
  at: string,
): Promise<AppliedToSubject> {
  if (!(await isFirstDelivery(transaction, event.deliveryId, at))) return NOTHING;
  const concerned = await locked(transaction, concernedBy(transaction, event)).execute();
  const effects = effectsOf(event, concerned.map(taskOf));
  await cancelTasks(transaction, effects, at);
  await giveSessionCommands(transaction, effects, at);
  return {
    canceled: effects.canceled.length,
    steered: effects.sessionCommands.map(({ taskId }) => taskId),
    unanswered: idsOf(effects.unanswered),
  };
}

async function cancelTasks(
  transaction: Transaction<Schema>,
  { cancellation, canceled }: SubjectEffects,
  at: string,
): Promise<void> {
  if (cancellation === null || canceled.length === 0) return;
  const those = sql`${sql.ref("id")} in (${sql.join(idsOf(canceled))})`;
  await cancel(transaction, those, cancellation, at);
}

async function giveSessionCommands(
  transaction: Transaction<Schema>,
  { sessionCommands }: SubjectEffects,
  at: string,
): Promise<void> {
  for (const sessionCommand of sessionCommands) {
    await transaction
      .insertInto("orders")
      .values({ ...sessionCommand, createdAt: at, takenAt: null, doneAt: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  await forgetLabels(transaction, sessionCommands);
}

/** A start that is being stopped doesn't hold its label: re-adding the label starts a new task. */
async function forgetLabels(
  transaction: Transaction<Schema>,
  sessionCommands: readonly SessionCommand[],
): Promise<void> {
  const stopped = sessionCommands.filter(({ type }) => type === "stop").map(({ taskId }) => taskId);
  if (stopped.length === 0) return;
  await transaction
    .updateTable("tasks")
    .set({ subjectKey: null })
    .where("id", "in", stopped)
    .execute();
}

function idsOf(tasks: readonly Task[]): readonly string[] {
  return tasks.map(({ id }) => id);
}

/**
 * Has what is found stay as it is until the end: a task that is about to begin begins before, and gets
 * a command, or not at all. In SQLite transactions come one after the other.
 */
function locked<Row>(
  transaction: Transaction<Schema>,
  tasks: SelectQueryBuilder<Schema, "tasks", Row>,
) {
  // In one order for all, so that no two wait for each other.
  return isPostgres(transaction) ? tasks.orderBy("id").forUpdate() : tasks;
}

/** Unsettled tasks of the event's subject, label or branch. */
function concernedBy(database: Kysely<Schema>, { repositoryId, change }: SubjectEvent) {
  const unsettled = database
    .selectFrom("tasks")
    .selectAll()
    .where("repositoryId", "=", repositoryId)
    .where("settledAt", "is", null);
  switch (change.type) {
    case "subject_closed":
    case "subject_deleted":
      return unsettled.where("subjectNumber", "=", change.subjectNumber);
    case "label_removed":
      return unsettled
        .where("subjectNumber", "=", change.subjectNumber)
        .where("triggerLabel", "=", change.label);
    case "branch_deleted":
      return unsettled.where("branch", "=", change.branch);
    case "pull_request_opened":
      return unsettled.where("sessionBranch", "=", change.branch);
    default:
      return change satisfies never;
  }
}
