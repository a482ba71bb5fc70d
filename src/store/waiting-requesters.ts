import type { ExpressionBuilder, Kysely, Transaction } from "kysely";
import { sql } from "kysely";
import type { InThread, WaitingRequesters } from "../ports/waiting-people.ts";
import { isPostgres } from "./dialect.ts";
import type { Schema } from "./schema.ts";

/** Over an open, migrated database. */
export function createWaitingRequesters(database: Kysely<Schema>): WaitingRequesters {
  return {
    claimAsking: (taskId, where, at) =>
      database.transaction().execute((transaction) => claimAsking(transaction, taskId, where, at)),
    async connectedIds() {
      const rows = await database
        .selectFrom("tasks as other")
        .innerJoin("connections", "connections.userId", "other.requesterId")
        .where("connections.sealedToken", "is not", null)
        .where(isWaiting)
        // A task that's awake is being processed.
        .where("other.notBefore", "is not", null)
        .select("other.requesterId")
        .distinct()
        .execute();
      return rows.map(({ requesterId }) => requesterId);
    },
    wake: (requesterId) =>
      database
        .updateTable("tasks as other")
        .set({ notBefore: null })
        .where(isWaiting)
        .where("notBefore", "is not", null)
        .where("requesterId", "=", requesterId)
        .returning(["id", "ownerId", "requesterId"])
        .execute(),
    wakeUnasked: () =>
      database
        .updateTable("tasks as other")
        .set({ notBefore: null })
        .where(isWaiting)
        .where("notBefore", "is not", null)
        .where("commentIntentAt", "is", null)
        .where((row) => row.not(row.exists(askerOf(row))))
        .returning(["id", "ownerId", "requesterId"])
        .execute(),
  };
}

async function claimAsking(
  transaction: Transaction<Schema>,
  taskId: string,
  where: InThread,
  at: string,
): Promise<boolean> {
  await oneByOne(transaction, where);
  const asking = await transaction
    .selectFrom("tasks as other")
    .select("id")
    .where(isWaiting)
    .where("requesterId", "=", where.requesterId)
    .where("repositoryId", "=", where.repositoryId)
    .where("subjectNumber", "=", where.subjectNumber)
    .where("commentIntentAt", "is not", null)
    .where("id", "!=", taskId)
    .executeTakeFirst();
  if (asking !== undefined) return false;
  await transaction
    .updateTable("tasks")
    .set((row) => ({ commentIntentAt: row.fn.coalesce("commentIntentAt", sql.val(at)) }))
    .where("id", "=", taskId)
    .execute();
  return true;
}

/** The task whose comment asks the same person in the same thread. */
function askerOf(row: ExpressionBuilder<Schema & Tasks, "other">) {
  return row
    .selectFrom("tasks as asker")
    .select("asker.id")
    .whereRef("asker.requesterId", "=", "other.requesterId")
    .whereRef("asker.repositoryId", "=", "other.repositoryId")
    .whereRef("asker.subjectNumber", "=", "other.subjectNumber")
    .where("asker.commentIntentAt", "is not", null)
    .where("asker.connectBy", "is not", null)
    .where("asker.settledAt", "is", null)
    .where("asker.sessionIntentAt", "is", null);
}

type Tasks = { readonly other: Schema["tasks"] };

function isWaiting(row: ExpressionBuilder<Schema & Tasks, "other">) {
  return row.and([
    row("other.connectBy", "is not", null),
    row("other.settledAt", "is", null),
    row("other.sessionIntentAt", "is", null),
  ]);
}

/** Transactions about the same person in the same thread wait for each other; those of SQLite do anyway. */
async function oneByOne(transaction: Transaction<Schema>, where: InThread): Promise<void> {
  if (!isPostgres(transaction)) return;
  const key = `connect ${where.repositoryId} ${where.subjectNumber} ${where.requesterId}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(transaction);
}
