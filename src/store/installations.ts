import { setImmediate as nextTurn } from "node:timers/promises";
import type { ExpressionBuilder, Kysely, RawBuilder, Transaction } from "kysely";
import { sql } from "kysely";
import { auditEntry } from "../core/audit.ts";
import type { InstallationChange, LifeChange, RepositoryMoved } from "../core/life.ts";
import type { Cancellation } from "../core/task.ts";
import { writeAudit } from "./audit.ts";
import type { Schema } from "./schema.ts";

/** What came of a change. */
export interface Applied {
  /** How many tasks it has cancelled. */
  readonly cancelled: number;
}

/** The installations of the App, in the database. */
export interface InstallationStore {
  /**
   * Has tasks and installations follow a change. Durable when it resolves. A delivery that was applied
   * before, and news that is older than what is known, change nothing.
   */
  applyLifeChange(change: LifeChange): Promise<Applied>;
  /**
   * Deletes everything that is known of installations that were deleted before this: tasks with their
   * orders, audit, approvals. Gives the number of installations.
   */
  eraseInstallations(before: Date): Promise<number>;
}

/** Installations in an open, migrated database. */
export function createInstallationStore(
  database: Kysely<Schema>,
  now: () => Date,
): InstallationStore {
  return {
    applyLifeChange: (change) =>
      database.transaction().execute(async (transaction) => ({
        cancelled: await apply(transaction, change, now().toISOString()),
      })),
    async eraseInstallations(before) {
      const deleted = await database
        .selectFrom("installations")
        .select(["id", "ownerId", "deletedAt"])
        .where("deletedAt", "<", before.toISOString())
        .execute();
      for (const installation of deleted) await erase(database, installation);
      return deleted.length;
    },
  };
}

/** Gives the number of tasks that were cancelled. */
async function apply(
  transaction: Transaction<Schema>,
  change: LifeChange,
  at: string,
): Promise<number> {
  const isNews = await transaction
    .insertInto("lifeEvents")
    .values({ deliveryId: change.deliveryId, appliedAt: at })
    .onConflict((conflict) => conflict.doNothing())
    .returning("deliveryId")
    .executeTakeFirst();
  if (isNews === undefined) return 0;
  const { type } = change;
  switch (type) {
    case "installation_created":
    case "installation_unsuspended":
      await followInstallation(transaction, change, at);
      return 0;
    case "installation_deleted":
    case "installation_suspended": {
      if (!(await followInstallation(transaction, change, at))) return 0;
      const { installationId } = change;
      return cancel(transaction, sql`${INSTALLATION} = ${installationId}`, type, at);
    }
    case "repositories_removed":
      return cancelRemoved(transaction, change, at);
    case "repository_deleted":
      return cancel(transaction, sql`${REPOSITORY} = ${change.repositoryId}`, type, at);
    case "repository_renamed":
    case "repository_transferred":
      await followMove(transaction, change);
      return 0;
    default:
      return type satisfies never;
  }
}

const INSTALLATION = sql.ref("installationId");
const REPOSITORY = sql.ref("repositoryId");

/** Brings the installation's row to what GitHub tells; false when that is older than what is known. */
async function followInstallation(
  transaction: Transaction<Schema>,
  { type, installationId: id, ownerId, owner, suspendedAt, at: updatedAt }: InstallationChange,
  at: string,
): Promise<boolean> {
  const deletedAt = type === "installation_deleted" ? at : null;
  const known = sql.ref<string>("installations.updatedAt");
  const knownEnd = sql.ref<string | null>("installations.deletedAt");
  const isCreated = type === "installation_created";
  // Not every GitHub moves the time of an installation that is unsuspended or deleted.
  const needsNewer = isCreated || type === "installation_suspended";
  const followed = await transaction
    .insertInto("installations")
    .values({ id, ownerId, owner, suspendedAt, deletedAt, updatedAt })
    .onConflict((conflict) =>
      conflict
        .column("id")
        .doUpdateSet({
          ownerId,
          owner,
          suspendedAt,
          deletedAt: isCreated
            ? null
            : sql<string | null>`coalesce(${knownEnd}, cast(${deletedAt} as text))`,
          updatedAt: sql<string>`case when ${known} > ${updatedAt} then ${known} else ${updatedAt} end`,
        })
        .where(needsNewer ? sql<boolean>`${known} < ${updatedAt}` : sql<boolean>`1 = 1`),
    )
    .returning("id")
    .executeTakeFirst();
  return followed !== undefined;
}

/** Unsettled tasks go where their repository went. */
async function followMove(
  transaction: Transaction<Schema>,
  { type, repositoryId, ownerId, owner, repository, installationId, at }: RepositoryMoved,
): Promise<void> {
  const followed = await transaction
    .insertInto("repositories")
    .values({ id: repositoryId, updatedAt: at })
    .onConflict((conflict) =>
      conflict
        .column("id")
        .doUpdateSet({ updatedAt: at })
        .where("repositories.updatedAt", "<=", at),
    )
    .returning("id")
    .executeTakeFirst();
  if (followed === undefined) return;
  await transaction
    .updateTable("tasks")
    .set({ ownerId, owner, repository })
    .$if(type === "repository_transferred", (query) => query.set({ installationId }))
    .where("repositoryId", "=", repositoryId)
    .where("settledAt", "is", null)
    .execute();
}

/** The most ids that a statement is given; SQLite takes 32,766. */
const MOST_IDS = 1_000;

async function cancelRemoved(
  transaction: Transaction<Schema>,
  { installationId, repositoryIds }: Extract<LifeChange, { type: "repositories_removed" }>,
  at: string,
): Promise<number> {
  // A repository's own webhook names no installation. After a transfer it is another one.
  const here = sql`(${INSTALLATION} = ${installationId} or ${INSTALLATION} is null)`;
  let cancelled = 0;
  for (let start = 0; start < repositoryIds.length; start += MOST_IDS) {
    const some = sql.join(repositoryIds.slice(start, start + MOST_IDS));
    const those = sql`${REPOSITORY} in (${some}) and ${here}`;
    cancelled += await cancel(transaction, those, "repository_removed", at);
  }
  return cancelled;
}

/** Cancels those tasks for which no session has been asked for yet; who moves one loses its claim. */
export async function cancel(
  transaction: Transaction<Schema>,
  those: RawBuilder<unknown>,
  cancellation: Cancellation,
  at: string,
): Promise<number> {
  const cancelled = await transaction
    .updateTable("tasks")
    .set((row) => ({
      state: "cancelled",
      cancellation,
      // Set again, the label asks anew, however long it takes to tell this one's end.
      subjectKey: null,
      // What is to be seen of it is brought up to date first.
      settledAt: row.case().when(hasNoTraces(row)).then(at).else(null).end(),
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
  const audited = { step: "cancelled", reason: cancellation } as const;
  await writeAudit(
    transaction,
    cancelled.map((task) => auditEntry(task, audited, at)),
  );
  return cancelled.length;
}

/** Nothing of the task is to be seen at its subject: as `hasTraces` in src/core/traces.ts says. */
function hasNoTraces(row: ExpressionBuilder<Schema, "tasks">) {
  const traces = ["commentId", "shownLabel", "checkRunId"] as const;
  return row.and(traces.map((trace) => row(trace, "is", null)));
}

/** How many rows are deleted before webhooks get their turn. */
const ROWS_AT_ONCE = 1_000;

async function erase(
  database: Kysely<Schema>,
  { id, ownerId, deletedAt }: Pick<Schema["installations"], "id" | "ownerId" | "deletedAt">,
): Promise<void> {
  const its = sql`${INSTALLATION} = ${id}`;
  // Where a repository's own webhook told no installation, the account has to do.
  const perhaps = sql`${INSTALLATION} is null and ${sql.ref("ownerId")} = ${ownerId}`;
  const before = (time: "at" | "createdAt") => sql`${sql.ref(time)} <= ${deletedAt}`;
  for (const those of [its, sql`${perhaps} and ${before("createdAt")}`]) {
    const tasks = sql`select ${sql.ref("id")} from ${sql.table("tasks")} where ${those}`;
    await eraseRows(database, "orders", sql`${sql.ref("taskId")} in (${tasks})`);
    await eraseRows(database, "tasks", those);
    await database
      .deleteFrom("approvals")
      .where(sql<boolean>`(${those})`)
      .execute();
  }
  await eraseRows(database, "audit", its);
  await eraseRows(database, "audit", sql`${perhaps} and ${before("at")}`);
  // Last, so that what breaks off is begun again.
  await database.deleteFrom("installations").where("id", "=", id).execute();
}

async function eraseRows(
  database: Kysely<Schema>,
  table: "tasks" | "orders" | "audit",
  those: RawBuilder<unknown>,
): Promise<void> {
  const [name, id] = [sql.table(table), sql.ref("id")];
  const some = sql`select ${id} from ${name} where ${those} limit ${sql.lit(ROWS_AT_ONCE)}`;
  const statement = sql`delete from ${name} where ${id} in (${some})`;
  let deleted = ROWS_AT_ONCE;
  while (deleted === ROWS_AT_ONCE) {
    const { numAffectedRows = 0n } = await statement.execute(database);
    deleted = Number(numAffectedRows);
    // SQLite works in this thread: webhooks get their turn.
    await nextTurn();
  }
}
