import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Migration } from "kysely/migration";
import { Migrator } from "kysely/migration";
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
      .addColumn("kind", "text", (column) => column.notNull())
      .addColumn("deliveryId", "text", (column) => column.notNull().unique())
      .addColumn("eventKey", "text", (column) => column.notNull().unique())
      .addColumn("subjectKey", "text")
      .addColumn("triggerLabel", "text")
      .addColumn("commandPlace", "text")
      .addColumn("commandCommentId", "bigint")
      .addColumn("instructions", "text", (column) => column.notNull())
      .addColumn("requester", "text", (column) => column.notNull())
      .addColumn("requesterId", "bigint", (column) => column.notNull())
      .addColumn("installationId", "bigint")
      .addColumn("repositoryId", "bigint", (column) => column.notNull())
      .addColumn("owner", "text", (column) => column.notNull())
      .addColumn("repository", "text", (column) => column.notNull())
      .addColumn("subjectType", "text", (column) => column.notNull())
      .addColumn("subjectNumber", "bigint", (column) => column.notNull())
      .addColumn("branch", "text")
      .addColumn("commit", "text")
      .addColumn("acknowledgedAt", "text")
      .addColumn("sessionIntentAt", "text")
      .addColumn("sessionId", "text")
      .addColumn("sessionStartedAt", "text")
      .addColumn("sessionRepository", "text")
      .addColumn("sessionBranch", "text")
      .addColumn("promptIntentAt", "text")
      .addColumn("promptDeliveredAt", "text")
      .addColumn("linkUrl", "text")
      .addColumn("linkSource", "text")
      .addColumn("watchUntil", "text")
      .addColumn("denial", "text")
      .addColumn("failureCode", "text")
      .addColumn("failureDetail", "text")
      .addColumn("commentIntentAt", "text")
      .addColumn("commentId", "bigint")
      .addColumn("commentDigest", "text")
      .execute();
    await createIndexes(database);
  },
};

async function createIndexes(database: Kysely<Schema>): Promise<void> {
  // A label asks once, however often it is set, until its task is settled.
  await database.schema
    .createIndex("tasks_subject")
    .unique()
    .on("tasks")
    .column("subjectKey")
    .where(sql.ref("settledAt"), "is", null)
    .execute();
  await database.schema
    .createIndex("tasks_repository")
    .on("tasks")
    .column("repositoryId")
    .where(sql.ref("settledAt"), "is", null)
    .execute();
  await database.schema
    .createIndex("tasks_unsettled")
    .on("tasks")
    .column("createdAt")
    .where(sql.ref("settledAt"), "is", null)
    .execute();
}

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

const MIGRATIONS = { "2026-11-21-tasks": tasks, "2026-11-21-tasks-recovery": recovery };

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
