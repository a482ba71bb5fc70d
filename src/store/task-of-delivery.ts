import { sql } from "kysely";
import type { Migration } from "kysely/migration";
import { isPostgres } from "./dialect.ts";
import { createTaskIndexes } from "./tasks-table.ts";

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
    await sql.raw(TABLE).execute(database);
    const { rows } = await sql<{ name: string }>`
      select name from pragma_table_info('tasks')`.execute(database);
    const columns = sql.join(rows.map(({ name }) => sql.ref(name)));
    await sql`insert into tasks_of_deliveries (${columns}) select ${columns} from tasks`.execute(
      database,
    );
    await database.schema.dropTable("tasks").execute();
    await database.schema.alterTable("tasksOfDeliveries").renameTo("tasks").execute();
    await createTaskIndexes(database);
  },
};

/** The columns of that time. */
const TABLE = `create table "tasks_of_deliveries" (
  "id" text primary key,
  "state" text not null,
  "attempt" integer not null,
  "lease_until" text,
  "lane" text,
  "created_at" text not null,
  "updated_at" text not null,
  "settled_at" text,
  "not_before" text,
  "retries" integer not null,
  "kind" text,
  "delivery_id" text not null,
  "event_key" text not null unique,
  "subject_key" text,
  "triggered_at" text not null,
  "trigger_label" text,
  "command" text,
  "command_place" text,
  "command_comment_id" bigint,
  "instructions" text not null,
  "requester" text not null,
  "requester_id" bigint not null,
  "requester_role" text,
  "installation_id" bigint,
  "repository_id" bigint not null,
  "owner_id" bigint not null,
  "owner" text not null,
  "repository" text not null,
  "subject_type" text not null,
  "subject_number" bigint not null,
  "branch" text,
  "commit" text,
  "policy_commit" text,
  "defaults_commit" text,
  "acknowledged_at" text,
  "session_intent_at" text,
  "session_id" text,
  "session_started_at" text,
  "session_repository" text,
  "session_branch" text,
  "prompt_digest" text,
  "left_out" text,
  "prompt_intent_at" text,
  "prompt_delivered_at" text,
  "link_url" text,
  "link_source" text,
  "running_label" text,
  "failed_label" text,
  "shown_label" text,
  "label_to_remove" text,
  "watch_until" text,
  "denial" text,
  "denial_text" text,
  "answer" text,
  "cancellation" text,
  "failure_code" text,
  "failure_detail" text,
  "comment_intent_at" text,
  "comment_id" bigint,
  "comment_digest" text,
  "said" text,
  "session_failure" text,
  "asking" text,
  "pulls" text,
  "seen_at" text,
  "note" text,
  "follow_until" text,
  "unfollowed" text,
  "on_close" text,
  "permissions_policy" text,
  "default_branch" text,
  "check_commit" text,
  "check_run_id" bigint,
  "check_run_digest" text,
  "retry_of" text
)`;
