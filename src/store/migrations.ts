import type { CreateTableBuilder, Kysely } from "kysely";
import { sql } from "kysely";
import type { Migration } from "kysely/migration";
import { Migrator } from "kysely/migration";
import type { Task } from "../core/task.ts";
import { isPostgres } from "./dialect.ts";
import type { Schema } from "./schema.ts";

const tasks: Migration = {
  async up(database) {
    await database.schema
      .createTable("tasks")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("state", "text", (column) => column.notNull())
      .addColumn("attempt", "integer", (column) => column.notNull())
      .addColumn("leaseUntil", "text")
      .addColumn("lane", "text")
      .addColumn("createdAt", "text", (column) => column.notNull())
      .addColumn("updatedAt", "text", (column) => column.notNull())
      .addColumn("settledAt", "text")
      .addColumn("notBefore", "text")
      .addColumn("retries", "integer", (column) => column.notNull())
      .addColumn("kind", "text")
      .addColumn("deliveryId", "text", (column) => column.notNull().unique())
      .addColumn("eventKey", "text", (column) => column.notNull().unique())
      .addColumn("subjectKey", "text")
      .addColumn("triggeredAt", "text", (column) => column.notNull())
      .addColumn("triggerLabel", "text")
      .addColumn("command", "text")
      .addColumn("commandPlace", "text")
      .addColumn("commandCommentId", "bigint")
      .addColumn("instructions", "text", (column) => column.notNull())
      .addColumn("requester", "text", (column) => column.notNull())
      .addColumn("requesterId", "bigint", (column) => column.notNull())
      .addColumn("requesterRole", "text")
      .addColumn("installationId", "bigint")
      .addColumn("repositoryId", "bigint", (column) => column.notNull())
      .addColumn("ownerId", "bigint", (column) => column.notNull())
      .addColumn("owner", "text", (column) => column.notNull())
      .addColumn("repository", "text", (column) => column.notNull())
      .addColumn("subjectType", "text", (column) => column.notNull())
      .addColumn("subjectNumber", "bigint", (column) => column.notNull())
      .$call(withProgress)
      .$call(withFollowing)
      .execute();
    await createIndexes(database);
  },
};

/** The columns that tell how far a task has come. */
function withProgress<Columns extends string>(table: CreateTableBuilder<"tasks", Columns>) {
  return table
    .addColumn("branch", "text")
    .addColumn("commit", "text")
    .addColumn("policyCommit", "text")
    .addColumn("defaultsCommit", "text")
    .addColumn("acknowledgedAt", "text")
    .addColumn("sessionIntentAt", "text")
    .addColumn("sessionId", "text")
    .addColumn("sessionStartedAt", "text")
    .addColumn("sessionRepository", "text")
    .addColumn("sessionBranch", "text")
    .addColumn("promptDigest", "text")
    .addColumn("leftOut", "text")
    .addColumn("promptIntentAt", "text")
    .addColumn("promptDeliveredAt", "text")
    .addColumn("linkUrl", "text")
    .addColumn("linkSource", "text")
    .addColumn("runningLabel", "text")
    .addColumn("failedLabel", "text")
    .addColumn("shownLabel", "text")
    .addColumn("labelToRemove", "text")
    .addColumn("watchUntil", "text")
    .addColumn("denial", "text")
    .addColumn("denialText", "text")
    .addColumn("answer", "text")
    .addColumn("cancellation", "text")
    .addColumn("failureCode", "text")
    .addColumn("failureDetail", "text")
    .addColumn("commentIntentAt", "text")
    .addColumn("commentId", "bigint")
    .addColumn("commentDigest", "text");
}

/** The columns that tell how the session goes. */
function withFollowing<Columns extends string>(table: CreateTableBuilder<"tasks", Columns>) {
  return table
    .addColumn("said", "text")
    .addColumn("sessionFailure", "text")
    .addColumn("asking", "text")
    .addColumn("pulls", "text")
    .addColumn("seenAt", "text")
    .addColumn("note", "text")
    .addColumn("followUntil", "text")
    .addColumn("unfollowed", "text")
    .addColumn("onClose", "text")
    .addColumn("permissionsPolicy", "text")
    .addColumn("defaultBranch", "text")
    .addColumn("checkCommit", "text")
    .addColumn("checkRunId", "bigint")
    .addColumn("checkRunDigest", "text")
    .addColumn("retryOf", "text");
}

async function createIndexes(database: Kysely<Schema>): Promise<void> {
  const unsettled = (name: string, columns: readonly (keyof Task)[]) =>
    index(database, "tasks", name, columns).where(sql.ref("settledAt"), "is", null);
  // A label asks once, however often it is set, until its task has begun.
  await unsettled("tasks_subject", ["subjectKey"]).unique().execute();
  await unsettled("tasks_repository", ["repositoryId"]).execute();
  await unsettled("tasks_unsettled", ["createdAt"]).execute();
  await index(database, "tasks", "tasks_installation", ["installationId", "settledAt"]).execute();
  // What the limits of a policy count: the latest starts of an account, a repository, a requester.
  const started = (name: string, columns: readonly (keyof Task)[]) =>
    index(database, "tasks", name, columns)
      .where(sql.ref("sessionIntentAt"), "is not", null)
      .execute();
  await started("tasks_started", ["ownerId", "sessionIntentAt"]);
  await started("tasks_started_here", ["ownerId", "repositoryId", "sessionIntentAt"]);
  await started("tasks_started_by", ["ownerId", "requesterId", "sessionIntentAt"]);
  // What a command finds in its thread.
  const thread = ["repositoryId", "subjectNumber", "createdAt"] as const;
  await index(database, "tasks", "tasks_thread", thread).execute();
}

function index(
  database: Kysely<Schema>,
  table: keyof Schema,
  name: string,
  columns: readonly string[],
) {
  return database.schema
    .createIndex(name)
    .on(table)
    .columns([...columns]);
}

const orders: Migration = {
  async up(database) {
    await database.schema
      .createTable("orders")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("taskId", "text", (column) => column.notNull())
      .addColumn("type", "text", (column) => column.notNull())
      .addColumn("text", "text", (column) => column.notNull())
      .addColumn("requester", "text", (column) => column.notNull())
      .addColumn("createdAt", "text", (column) => column.notNull())
      .addColumn("takenAt", "text")
      .addColumn("doneAt", "text")
      .execute();
    await index(database, "orders", "orders_task", ["taskId", "takenAt"]).execute();
  },
};

const recovery: Migration = {
  async up(database) {
    await database.schema
      .createTable("recovery")
      .addColumn("id", "integer", (column) => column.primaryKey())
      .addColumn("cursor", "text", (column) => column.notNull())
      .addColumn("asked", "text", (column) => column.notNull())
      .addColumn("leaseUntil", "text")
      .execute();
  },
};

const audit: Migration = {
  async up(database) {
    const shared = isPostgres(database);
    await database.schema
      .createTable("audit")
      .addColumn("id", shared ? "bigint" : "integer", (column) =>
        (shared ? column.generatedAlwaysAsIdentity() : column.autoIncrement()).primaryKey(),
      )
      .addColumn("at", "text", (column) => column.notNull())
      .addColumn("taskId", "text", (column) => column.notNull())
      .addColumn("step", "text", (column) => column.notNull())
      .addColumn("reason", "text")
      .addColumn("requester", "text", (column) => column.notNull())
      .addColumn("requesterId", "bigint", (column) => column.notNull())
      .addColumn("requesterRole", "text")
      .addColumn("installationId", "bigint")
      .addColumn("ownerId", "bigint", (column) => column.notNull())
      .addColumn("owner", "text", (column) => column.notNull())
      .addColumn("repositoryId", "bigint", (column) => column.notNull())
      .addColumn("repository", "text", (column) => column.notNull())
      .addColumn("subjectType", "text", (column) => column.notNull())
      .addColumn("subjectNumber", "bigint", (column) => column.notNull())
      .addColumn("triggerLabel", "text")
      .addColumn("command", "text")
      .addColumn("kind", "text")
      .addColumn("promptDigest", "text")
      .addColumn("policyCommit", "text")
      .addColumn("defaultsCommit", "text")
      .addColumn("sessionId", "text")
      .execute();
    await index(database, "audit", "audit_installation", ["installationId"]).execute();
    for (const statement of shared ? APPEND_ONLY_POSTGRES : APPEND_ONLY_SQLITE) {
      await sql.raw(statement).execute(database);
    }
  },
};

const APPEND_ONLY_SQLITE = [
  `create trigger audit_append_only before update on audit
   begin select raise(abort, 'entries of the audit are not changed'); end`,
];
const APPEND_ONLY_POSTGRES = [
  `create function refuse_change_of_audit() returns trigger language plpgsql as
   $$ begin raise exception 'entries of the audit are not changed'; end $$`,
  `create trigger audit_append_only before update on audit
   for each statement execute function refuse_change_of_audit()`,
];

const approvals: Migration = {
  async up(database) {
    await database.schema
      .createTable("approvals")
      .addColumn("repositoryId", "bigint", (column) => column.notNull())
      .addColumn("subjectNumber", "bigint", (column) => column.notNull())
      .addColumn("commit", "text", (column) => column.notNull())
      .addColumn("requester", "text", (column) => column.notNull())
      .addColumn("requesterId", "bigint", (column) => column.notNull())
      .addColumn("installationId", "bigint")
      .addColumn("ownerId", "bigint", (column) => column.notNull())
      .addColumn("createdAt", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("approvals_key", ["repositoryId", "subjectNumber", "commit"])
      .execute();
    await index(database, "approvals", "approvals_installation", ["installationId"]).execute();
  },
};

const installations: Migration = {
  async up(database) {
    await database.schema
      .createTable("installations")
      .addColumn("id", "bigint", (column) => column.primaryKey())
      .addColumn("ownerId", "bigint")
      .addColumn("owner", "text")
      .addColumn("suspendedAt", "text")
      .addColumn("deletedAt", "text")
      .addColumn("updatedAt", "text", (column) => column.notNull())
      .execute();
    await database.schema
      .createTable("repositories")
      .addColumn("id", "bigint", (column) => column.primaryKey())
      .addColumn("updatedAt", "text", (column) => column.notNull())
      .execute();
    await database.schema
      .createTable("lifeEvents")
      .addColumn("deliveryId", "text", (column) => column.primaryKey())
      .addColumn("appliedAt", "text", (column) => column.notNull())
      .execute();
  },
};

const MIGRATIONS = {
  "2026-11-21-tasks": tasks,
  "2026-11-21-tasks-recovery": recovery,
  "2026-11-22-approvals": approvals,
  "2026-11-22-audit": audit,
  "2026-11-22-installations": installations,
  "2026-11-22-orders": orders,
};

/**
 * Brings the database to the newest schema.
 *
 * @throws Error that names the migration that failed
 */
export async function migrate(database: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: () => Promise.resolve(MIGRATIONS) },
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results.find(({ status }) => status === "Error")?.migrationName ?? "the migration";
  throw new Error(`The database could not be brought up to date: ${failed} failed.`, {
    cause: error,
  });
}
