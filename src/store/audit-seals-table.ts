import { sql } from "kysely";
import type { Migration } from "kysely/migration";
import { isPostgres } from "./dialect.ts";

/**
 * The seals of the audit's entries, which make a chain for each installation, and the rules by which the
 * database itself keeps entries and seals from being changed, replaced or deleted.
 */
export const auditSeals: Migration = {
  async up(database) {
    await database.schema
      .createTable("auditSeals")
      // In SQLite only this type makes the column the row's own key.
      .addColumn("auditId", isPostgres(database) ? "bigint" : "integer", (column) =>
        column.primaryKey(),
      )
      .addColumn("chain", "bigint", (column) => column.notNull())
      .addColumn("position", "bigint", (column) => column.notNull())
      .addColumn("sealedAt", "text", (column) => column.notNull())
      .addColumn("salt", "text")
      .addColumn("requesterDigest", "text")
      .addColumn("entryDigest", "text", (column) => column.notNull())
      .addColumn("digest", "text", (column) => column.notNull())
      .addUniqueConstraint("audit_seals_position", ["chain", "position"])
      .execute();
    await database.schema
      .createTable("auditSealing")
      .addColumn("id", "integer", (column) => column.primaryKey())
      .addColumn("sealedTo", "bigint", (column) => column.notNull())
      .addColumn("nextTo", "bigint", (column) => column.notNull())
      .addColumn("nextAt", "text", (column) => column.notNull())
      .execute();
    await sql`insert into audit_sealing (id, sealed_to, next_to, next_at) values (1, 0, 0, '')`.execute(
      database,
    );
    for (const statement of isPostgres(database) ? POSTGRES : SQLITE) {
      await sql.raw(statement).execute(database);
    }
  },
};

/** What an entry keeps when its requester is erased. */
const KEPT_OF_ENTRY = [
  "id",
  "at",
  "task_id",
  "step",
  "reason",
  "requester_role",
  "installation_id",
  "owner_id",
  "owner",
  "repository_id",
  "repository",
  "subject_type",
  "subject_number",
  "trigger_label",
  "command",
  "kind",
  "prompt_digest",
  "policy_commit",
  "defaults_commit",
  "session_id",
];

const KEPT_OF_SEAL = ["audit_id", "chain", "position", "sealed_at", "entry_digest", "digest"];

const UNCHANGED = "entries of the audit are not changed";
const UNDELETED = "entries of the audit are not deleted";

function keeps(columns: readonly string[]): string {
  return columns.map((column) => `new.${column} is not distinct from old.${column}`).join(" and ");
}

/** The only change of an entry: it no longer says who asked. */
const FORGETS_REQUESTER = `new.requester = '' and new.requester_id = 0 and ${keeps(KEPT_OF_ENTRY)}`;

/** The only change of a seal: what the entry said can no longer be found out from it. */
const FORGETS_SALT = `new.salt is null
  and (new.requester_digest is null or ${keeps(["requester_digest"])})
  and ${keeps(KEPT_OF_SEAL)}`;

/** An entry is deleted only after its seal has been marked so: nothing vanishes without a trace. */
const IS_MARKED = `exists (
  select 1 from audit_seals where audit_id = old.id and requester_digest is null)`;

// REPLACE deletes the row that is in its way, and SQLite fires no trigger for that, unless the connection has
// asked for it. So a row that is in the way is refused before.
const SQLITE = [
  "drop trigger audit_append_only",
  trigger("audit_append_only", "update on audit", `not (${FORGETS_REQUESTER})`, UNCHANGED),
  trigger(
    "audit_not_replaced",
    "insert on audit",
    "exists (select 1 from audit where id = new.id)",
    UNCHANGED,
  ),
  trigger("audit_not_deleted", "delete on audit", `not ${IS_MARKED}`, UNDELETED),
  trigger("seals_append_only", "update on audit_seals", `not (${FORGETS_SALT})`, UNCHANGED),
  trigger(
    "seals_not_replaced",
    "insert on audit_seals",
    `exists (select 1 from audit_seals where audit_id = new.audit_id)
     or exists (select 1 from audit_seals where chain = new.chain and position = new.position)`,
    UNCHANGED,
  ),
  trigger(
    "seals_not_deleted",
    "delete on audit_seals",
    "old.requester_digest is not null",
    UNDELETED,
  ),
];

function trigger(name: string, event: string, condition: string, message: string): string {
  return `create trigger ${name} before ${event} when ${condition}
    begin select raise(abort, '${message}'); end`;
}

const POSTGRES = [
  "drop trigger audit_append_only on audit",
  `create or replace function refuse_change_of_audit() returns trigger language plpgsql as
   $$ begin raise exception '${UNCHANGED}'; end $$`,
  `create function refuse_deletion_of_audit() returns trigger language plpgsql as
   $$ begin raise exception '${UNDELETED}'; end $$`,
  // A trigger's own condition may not look into other tables.
  `create function refuse_deletion_of_unmarked() returns trigger language plpgsql as
   $$ begin if ${IS_MARKED} then return old; end if; raise exception '${UNDELETED}'; end $$`,
  `create trigger audit_append_only before update on audit for each row
   when (not (${FORGETS_REQUESTER})) execute function refuse_change_of_audit()`,
  `create trigger audit_not_deleted before delete on audit for each row
   execute function refuse_deletion_of_unmarked()`,
  `create trigger audit_not_truncated before truncate on audit
   execute function refuse_deletion_of_audit()`,
  `create trigger seals_append_only before update on audit_seals for each row
   when (not (${FORGETS_SALT})) execute function refuse_change_of_audit()`,
  `create trigger seals_not_deleted before delete on audit_seals for each row
   when (old.requester_digest is not null) execute function refuse_deletion_of_audit()`,
  `create trigger seals_not_truncated before truncate on audit_seals
   execute function refuse_deletion_of_audit()`,
];
