import type { ExpressionBuilder, RawBuilder, Transaction } from "kysely";
import { sql } from "kysely";
import { auditEntry } from "../core/task/audit.ts";
import type { Cancellation } from "../core/task/outcome.ts";
import { isAnsweredAfter } from "../core/task/traces.ts";
import { writeAudit } from "./audit.ts";
import { outcomeColumns } from "./columns/outcome.ts";
import type { Schema } from "./schema.ts";
import { taskOf } from "./task-row.ts";

/** Cancels those tasks for which no session has been asked for yet; who moves one loses its claim. */
export async function cancel(
  transaction: Transaction<Schema>,
  those: RawBuilder<unknown>,
  cancellation: Cancellation,
  at: string,
): Promise<number> {
  const canceled = await transaction
    .updateTable("tasks")
    .set((row) => ({
      state: "cancelled",
      ...outcomeColumns({ type: "canceled", why: cancellation }),
      // Re-adding the label starts a new task, however long it takes to report this one's end.
      subjectKey: null,
      waitingSince: null,
      // What is to be seen of it is brought up to date first, and what is owed an answer gets it.
      settledAt: row.case().when(hasNothingToSay(row, cancellation)).then(at).else(null).end(),
      updatedAt: at,
      attempt: row("attempt", "+", 1),
      leaseUntil: null,
      lane: null,
    }))
    .where(sql<boolean>`${those}`)
    .where("settledAt", "is", null)
    .where("sessionIntentAt", "is", null)
    .where("cancellation", "is", null)
    .returningAll()
    .execute();
  const audited = { step: "canceled", reason: cancellation } as const;
  await writeAudit(
    transaction,
    canceled.map((row) => auditEntry(taskOf(row), audited, at)),
  );
  return canceled.length;
}

/** Nothing of the task is to be seen, and nobody waits for a word: as src/core/task/traces.ts says. */
function hasNothingToSay(row: ExpressionBuilder<Schema, "tasks">, cancellation: Cancellation) {
  const traces = ["commentIntentAt", "commentId", "shownLabel", "checkRunId"] as const;
  const isAnswered = isAnsweredAfter(cancellation);
  return row.and([
    ...traces.map((trace) => row(trace, "is", null)),
    ...(isAnswered ? [row("command", "is", null)] : []),
  ]);
}
