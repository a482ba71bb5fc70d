import type { CreateTableBuilder } from "kysely";
import { sql } from "kysely";
import type { Migration } from "kysely/migration";
import type { Migrated } from "./indexes.ts";
import { indexOn } from "./indexes.ts";

/** The tasks, as they were kept at first. */
export const tasks: Migration = {
  async up(database) {
    await createTasks(database);
    await createTaskIndexes(database);
  },
};

/** Why a task's command is only answered. Those of before were all executed. */
export const misplacedCommands: Migration = {
  async up(database) {
    await database.schema.alterTable("tasks").addColumn("misplaced", "text").execute();
  },
};

async function createTasks({ schema }: Migrated): Promise<void> {
  await schema
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
}

/** The columns that say how far a task has come. */
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

/** The columns that say how the session goes. */
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

/** The indexes of the tasks, as they were at first. */
export async function createTaskIndexes(database: Migrated): Promise<void> {
  const unsettled = (name: string, columns: readonly string[]) =>
    indexOn(database, "tasks", name, columns).where(sql.ref("settledAt"), "is", null);
  // A label asks once, however often it is set, until its task has begun.
  await unsettled("tasks_subject", ["subjectKey"]).unique().execute();
  await unsettled("tasks_repository", ["repositoryId"]).execute();
  await unsettled("tasks_unsettled", ["createdAt"]).execute();
  await indexOn(database, "tasks", "tasks_installation", ["installationId", "settledAt"]).execute();
  // What the limits of a policy count: the latest starts of an account, a repository, a requester.
  const started = (name: string, columns: readonly string[]) =>
    indexOn(database, "tasks", name, columns)
      .where(sql.ref("sessionIntentAt"), "is not", null)
      .execute();
  await started("tasks_started", ["ownerId", "sessionIntentAt"]);
  await started("tasks_started_here", ["ownerId", "repositoryId", "sessionIntentAt"]);
  await started("tasks_started_by", ["ownerId", "requesterId", "sessionIntentAt"]);
  // What a command finds in its thread.
  const thread = ["repositoryId", "subjectNumber", "createdAt"];
  await indexOn(database, "tasks", "tasks_thread", thread).execute();
}
