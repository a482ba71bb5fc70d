import type { Kysely, SelectQueryBuilder, Transaction } from "kysely";
import { sql } from "kysely";
import { isControl, isOrder } from "../core/command.ts";
import type { Closing } from "../core/closing.ts";
import type { Task } from "../core/task.ts";
import { cancel } from "./installations.ts";
import { isPostgres } from "./dialect.ts";
import type { Schema } from "./schema.ts";

/** What came of an end. */
export interface Closed {
  readonly cancelled: number;
  /** Tasks whose sessions were told. */
  readonly told: readonly string[];
}

/** What becomes of tasks whose subject, label or branch is gone, in the database. */
export interface ClosingStore {
  /** Durable when it resolves. A delivery that was applied before changes nothing. */
  applyClosing(closing: Closing): Promise<Closed>;
}

/** Closings in an open, migrated database. */
export function createClosingStore(database: Kysely<Schema>, now: () => Date): ClosingStore {
  return {
    async applyClosing(closing) {
      const concerned = await concernedBy(database, closing).execute();
      // Most of what is closed has nothing to do with any task: then nothing is written.
      if (concerned.length === 0) return { cancelled: 0, told: [] };
      return database
        .transaction()
        .execute((transaction) => apply(transaction, closing, now().toISOString()));
    },
  };
}

async function apply(
  transaction: Transaction<Schema>,
  closing: Closing,
  at: string,
): Promise<Closed> {
  const isNews = await transaction
    .insertInto("lifeEvents")
    .values({ deliveryId: closing.deliveryId, appliedAt: at })
    .onConflict((conflict) => conflict.doNothing())
    .returning("deliveryId")
    .executeTakeFirst();
  if (isNews === undefined) return { cancelled: 0, told: [] };
  const concerned = await holding(transaction, concernedBy(transaction, closing)).execute();
  const { type } = closing;
  const queued = concerned.filter(isWaiting);
  const ids = queued.map(({ id }) => id);
  const cancelled =
    type === "pull_request_opened" || ids.length === 0
      ? 0
      : await cancel(transaction, sql`${sql.ref("id")} in (${sql.join(ids)})`, type, at);
  const running = concerned.filter((task) => isTold(task, closing));
  for (const { id: taskId } of running) {
    await transaction
      .insertInto("orders")
      .values({ ...orderOf(closing, taskId), createdAt: at, takenAt: null, doneAt: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  const told = running.map(({ id }) => id);
  if (type !== "pull_request_opened" && told.length > 0) {
    // A start that is given up holds no label: set again, it asks anew.
    await transaction
      .updateTable("tasks")
      .set({ subjectKey: null })
      .where("id", "in", told)
      .execute();
  }
  return { cancelled, told };
}

/** Whether a task waits to start a session: not one that only has to say something. */
function isWaiting(task: Task): boolean {
  const { command, retryOf, answer, denial, failureCode, cancellation, sessionIntentAt } = task;
  if (isControl(command) || (isOrder(command) && retryOf === null)) return false;
  const recorded = [answer, denial, failureCode, cancellation, sessionIntentAt];
  return recorded.every((one) => one === null);
}

function orderOf(closing: Closing, taskId: string) {
  const id = `${closing.deliveryId} ${taskId}`;
  const common = { id, taskId, requester: closing.by };
  return closing.type === "pull_request_opened"
    ? ({ ...common, type: "pull_request", text: closing.url } as const)
    : ({ ...common, type: "stop", text: "" } as const);
}

/**
 * Whether the session of a task is told: to stop, or of its pull request. One that is still being created
 * finds the order when it is there.
 */
function isTold(task: Task, closing: Closing): boolean {
  if (task.sessionIntentAt === null) return false;
  if (closing.type !== "pull_request_opened") return task.onClose === "stop";
  // The branch that the session was told to begin at is everybody's.
  return closing.branch !== task.branch && closing.branch === task.sessionBranch;
}

/**
 * Those that the subject's end is not older than: a late delivery ends nothing that was asked for since.
 *
 * GitHub tells seconds. Within one, the end counts as the later: a task that is ended for nothing can be
 * asked for again, a session that nobody wants any more cannot be taken back.
 */
function ofSubject<Row>(
  tasks: SelectQueryBuilder<Schema, "tasks", Row>,
  { subjectNumber, at }: Extract<Closing, { readonly at: string }>,
) {
  return tasks.where("subjectNumber", "=", subjectNumber).where("triggeredAt", "<=", at);
}

/**
 * Has what is found stay as it is until the end: a task that is about to begin begins before, and is
 * told, or not at all. In SQLite transactions come one after the other.
 */
function holding<Row>(
  transaction: Transaction<Schema>,
  tasks: SelectQueryBuilder<Schema, "tasks", Row>,
) {
  // In one order for all, so that no two wait for each other.
  return isPostgres(transaction) ? tasks.orderBy("id").forUpdate() : tasks;
}

/** Unsettled tasks of what the closing is about. */
function concernedBy(database: Kysely<Schema>, closing: Closing) {
  const unsettled = database
    .selectFrom("tasks")
    .selectAll()
    .where("repositoryId", "=", closing.repositoryId)
    .where("settledAt", "is", null);
  switch (closing.type) {
    case "subject_closed":
      return ofSubject(unsettled, closing);
    case "label_removed":
      return ofSubject(unsettled, closing).where("triggerLabel", "=", closing.label);
    case "branch_deleted":
      return unsettled.where("branch", "=", closing.branch);
    case "pull_request_opened":
      return unsettled.where("sessionBranch", "=", closing.branch);
    default:
      return closing satisfies never;
  }
}
