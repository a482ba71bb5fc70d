import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Migration } from "kysely/migration";
import { Migrator } from "kysely/migration";
import { auditSeals } from "./audit-seals-table.ts";
import { COLUMN_MIGRATIONS } from "./column-migrations.ts";
import { connections } from "./connections.ts";
import { isPostgres } from "./dialect.ts";
import { indexOn } from "./indexes.ts";
import { listIndexes } from "./list-indexes.ts";
import { auditIdentity, pageCommands, requesterIdentity } from "./connecting-migrations.ts";
import { labelings } from "./labelings-table.ts";
import { policyChecks } from "./policy-checks.ts";
import type { Schema } from "./schema.ts";
import { taskChanges } from "./task-changes.ts";
import { taskOfDelivery } from "./task-of-delivery.ts";
import { misplacedCommands, tasks } from "./tasks-table.ts";
import { webSessions } from "./web-sessions.ts";
import { workers, workerStates, workerVersions } from "./hosting-tables.ts";
import { writeChecks } from "./write-check.ts";

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
    await indexOn(database, "orders", "orders_task", ["taskId", "takenAt"]).execute();
  },
};

/** Commands that nobody has taken: hardly ever any. */
const leftCommands: Migration = {
  async up(database) {
    await indexOn(database, "orders", "orders_left", ["createdAt"])
      .where(sql.ref("takenAt"), "is", null)
      .execute();
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
    await indexOn(database, "audit", "audit_installation", ["installationId"]).execute();
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
    await indexOn(database, "approvals", "approvals_installation", ["installationId"]).execute();
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

/** What the watch for late links finds its tasks with. */
const lateLinks: Migration = {
  async up(database) {
    await indexOn(database, "tasks", "tasks_late_links", ["sessionStartedAt"])
      .where(sql.ref("linkSource"), "=", sql.lit("documented"))
      .execute();
  },
};

/** What somebody was refused lately, so that a flood of refusals is answered only so often. */
const refusals: Migration = {
  async up(database) {
    await indexOn(database, "tasks", "tasks_refused", ["repositoryId", "createdAt"])
      .where(sql.ref("denial"), "is not", null)
      .execute();
  },
};

/** What `/readyz` counts: anybody may ask for that. */
const undelivered: Migration = {
  async up(database) {
    await indexOn(database, "tasks", "tasks_undelivered", ["refusedSince"])
      .where(sql.ref("settledAt"), "is", null)
      .where(sql.ref("refusedSince"), "is not", null)
      .execute();
  },
};

/** The steps to the newest schema. They're taken in the order of their names. */
export const MIGRATIONS = {
  ...COLUMN_MIGRATIONS,
  "2026-11-21-tasks": tasks,
  "2026-11-21-tasks-recovery": recovery,
  "2026-11-22-approvals": approvals,
  "2026-11-22-audit": audit,
  "2026-11-22-installations": installations,
  "2026-11-22-orders": orders,
  "2026-11-28-task-of-delivery": taskOfDelivery,
  "2026-11-29-audit-seals": auditSeals,
  "2026-11-29-late-links": lateLinks,
  "2026-11-29-misplaced-commands": misplacedCommands,
  "2026-11-29-refusals": refusals,
  "2026-11-29-undelivered": undelivered,
  "2026-11-29-write-checks": writeChecks,
  "2026-11-30-audit-identity": auditIdentity,
  "2026-11-30-connections": connections,
  "2026-11-30-labelings": labelings,
  "2026-11-30-left-commands": leftCommands,
  "2026-11-30-list-indexes": listIndexes,
  "2026-11-30-page-commands": pageCommands,
  "2026-11-30-policy-checks": policyChecks,
  "2026-11-30-requester-identity": requesterIdentity,
  "2026-11-30-task-changes": taskChanges,
  "2026-11-30-web-sessions": webSessions,
  "2026-12-01-workers": workers,
  "2026-12-01-workers-states": workerStates,
  "2026-12-01-workers-versions": workerVersions,
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
    // One that sorts between others may come later than they do: a bot between two releases didn't know it yet.
    allowUnorderedMigrations: true,
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results.find(({ status }) => status === "Error")?.migrationName ?? "the migration";
  throw new Error(`The database could not be brought up to date: ${failed} failed.`, {
    cause: error,
  });
}
