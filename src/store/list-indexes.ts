import { sql } from "kysely";
import type { Migration } from "kysely/migration";

/** Written as in the queries: only then is an index used. */
const LISTED = "where kind is not null or denial_text is not null";

/**
 * What pages list, filter and count with. No index changes when a task is inserted: it has neither a kind nor a refusal
 * yet, and the audit has only asked for it.
 */
export const listIndexes: Migration = {
  async up(database) {
    for (const statement of [
      `create index tasks_listed on tasks (repository_id, created_at, id) ${LISTED}`,
      `create index tasks_listed_newest on tasks (created_at, id, repository_id) ${LISTED}`,
      `create index tasks_listed_by on tasks (lower(requester), repository_id, created_at, id) ${LISTED}`,
      `create index tasks_listed_state on tasks (state, repository_id, created_at, id) ${LISTED}`,
      `create index tasks_listed_kind on tasks (kind, repository_id, created_at, id) ${LISTED}`,
      `create index tasks_waiting_for on tasks (requester_id, created_at) where state = 'waiting_for_user'`,
      `create index audit_task on audit (task_id, id) where step <> 'asked'`,
      `create index audit_failed on audit (repository_id, at) where step = 'failed'`,
      `create index audit_failures on audit (at, reason) where step = 'failed'`,
    ]) {
      await sql.raw(statement).execute(database);
    }
  },
};
