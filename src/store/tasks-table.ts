import type { ColumnBuilderCallback, CreateTableBuilder, Kysely } from "kysely";
import { sql } from "kysely";
import type { Migration } from "kysely/migration";
import type { Task } from "../core/task.ts";
import { isPostgres } from "./dialect.ts";
import { indexOn } from "./indexes.ts";
import type { Schema } from "./schema.ts";

/** The tasks, as they were kept at first. */
export const tasks: Migration = {
  async up(database) {
    await createTasks(database, "tasks", (deliveryId) => deliveryId.notNull().unique());
    await createIndexes(database);
  },
};

/**
 * A delivery's id is its task's, and need not be found by an index of its own. SQLite drops no constraint:
 * the tasks move to a table without it.
 */
export const taskOfDelivery: Migration = {
  async up(database) {
    if (isPostgres(database)) {
      await database.schema.alterTable("tasks").dropConstraint("tasks_delivery_id_key").execute();
      return;
    }
    await createTasks(database, "tasksOfDeliveries", (deliveryId) => deliveryId.notNull());
    const { rows } = await sql<{ name: string }>`
      select name from pragma_table_info('tasks')`.execute(database);
    const columns = sql.join(rows.map(({ name }) => sql.ref(name)));
    await sql`insert into tasks_of_deliveries (${columns}) select ${columns} from tasks`.execute(
      database,
    );
    await database.schema.dropTable("tasks").execute();
    await database.schema.alterTable("tasksOfDeliveries").renameTo("tasks").execute();
    await createIndexes(database);
  },
};

async function createTasks(
  database: Kysely<Schema>,
  name: string,
  deliveryId: ColumnBuilderCallback,
): Promise<void> {
  await database.schema
    .createTable(name)
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
    .addColumn("deliveryId", "text", deliveryId)
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
}

/** The columns that tell how far a task has come. */
function withProgress<Columns extends string>(table: CreateTableBuilder<string, Columns>) {
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
function withFollowing<Columns extends string>(table: CreateTableBuilder<string, Columns>) {
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
    indexOn(database, "tasks", name, columns).where(sql.ref("settledAt"), "is", null);
  // A label asks once, however often it is set, until its task has begun.
  await unsettled("tasks_subject", ["subjectKey"]).unique().execute();
  await unsettled("tasks_repository", ["repositoryId"]).execute();
  await unsettled("tasks_unsettled", ["createdAt"]).execute();
  await indexOn(database, "tasks", "tasks_installation", ["installationId", "settledAt"]).execute();
  // What the limits of a policy count: the latest starts of an account, a repository, a requester.
  const started = (name: string, columns: readonly (keyof Task)[]) =>
    indexOn(database, "tasks", name, columns)
      .where(sql.ref("sessionIntentAt"), "is not", null)
      .execute();
  await started("tasks_started", ["ownerId", "sessionIntentAt"]);
  await started("tasks_started_here", ["ownerId", "repositoryId", "sessionIntentAt"]);
  await started("tasks_started_by", ["ownerId", "requesterId", "sessionIntentAt"]);
  // What a command finds in its thread.
  const thread = ["repositoryId", "subjectNumber", "createdAt"] as const;
  await indexOn(database, "tasks", "tasks_thread", thread).execute();
}
