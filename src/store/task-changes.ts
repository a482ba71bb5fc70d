import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Migration } from "kysely/migration";
import { isPostgres } from "./dialect.ts";
import type { Schema } from "./schema.ts";

/** For how long changes are kept: whoever reads them does so every second. */
export const CHANGES_KEPT_SECONDS = 900;

/** The columns of a task that people see. Claims and their renewals change none of them. */
const SHOWN = [
  "state",
  "settled_at",
  "kind",
  "denial_text",
  "answer",
  "cancellation",
  "failure_code",
  "failure_detail",
  "owner",
  "repository",
  "repository_id",
  "subject_number",
  "identity",
  "not_before",
  "waiting_since",
  "connect_by",
  "session_intent_at",
  "session_id",
  "session_started_at",
  "prompt_delivered_at",
  "link_url",
  "said",
  "session_failure",
  "asking",
  "pulls",
  "note",
  "unfollowed",
  "refused_since",
  "comment_id",
].join(", ");

const IS_LISTED = "coalesce(new.kind, new.denial_text, old.kind, old.denial_text) is not null";

const COMMANDED = "select id, repository_id from tasks where id = new.task_id and kind is not null";

/**
 * Which tasks have changed lately, so that pages can show it at once. The database writes it itself, in the transaction
 * that changes a task, whichever process does.
 *
 * In SQLite one transaction writes after the other, so changes have numbers in the order of their commits. In PostgreSQL
 * they don't: a change has the number of its transaction, and whoever reads compares it with what was committed when
 * they read last.
 */
export const taskChanges: Migration = {
  async up(database) {
    for (const statement of isPostgres(database) ? POSTGRES : SQLITE) {
      await sql.raw(statement).execute(database);
    }
  },
};

const SQLITE = [
  `create table task_changes (
    position integer primary key autoincrement,
    task_id text not null,
    repository_id bigint not null,
    at bigint not null default (unixepoch()))`,
  `create trigger task_changed after update of ${SHOWN} on tasks when ${IS_LISTED} begin
    insert into task_changes (task_id, repository_id) values (new.id, new.repository_id); end`,
  ...["insert", "update"].map(
    (change) => `create trigger order_${change} after ${change} on orders begin
    insert into task_changes (task_id, repository_id) ${COMMANDED}; end`,
  ),
];

const POSTGRES = [
  `create table task_changes (
    position xid8 not null default pg_current_xact_id(),
    task_id text not null,
    repository_id bigint not null,
    at bigint not null default extract(epoch from now())::bigint)`,
  "create index task_changes_position on task_changes (position)",
  `create function note_task_change() returns trigger language plpgsql as
   $$ begin insert into task_changes (task_id, repository_id) values (new.id, new.repository_id); return null; end $$`,
  `create function note_order_change() returns trigger language plpgsql as
   $$ begin insert into task_changes (task_id, repository_id) ${COMMANDED}; return null; end $$`,
  `create trigger task_changed after update of ${SHOWN} on tasks for each row
   when (${IS_LISTED}) execute function note_task_change()`,
  `create trigger order_changed after insert or update on orders for each row
   execute function note_order_change()`,
];

/** Deletes changes that nobody reads anymore. */
export async function forgetChanges(database: Kysely<Schema>): Promise<void> {
  const kept = sql.lit(CHANGES_KEPT_SECONDS);
  await sql`delete from task_changes where at < ${sql.raw(databaseTime(database))} - ${kept}`.execute(
    database,
  );
}

/** The database's own time, in seconds. */
export function databaseTime(database: Pick<Kysely<unknown>, "getExecutor">): string {
  return isPostgres(database) ? "extract(epoch from now())::bigint" : "unixepoch()";
}
