import type { Kysely } from "kysely";
import { sql } from "kysely";
import { CannotStart } from "../core/error/cannot-start.ts";
import type { Schema } from "./schema.ts";

/** The oldest PostgreSQL that pg-boss works on, as `server_version_num` writes it. */
const MIN_VERSION = 130_000;

/** What a PostgreSQL server says about itself and about the bot's role in its database. */
export interface PostgresFacts {
  /** `server_version_num`, e.g. 150020. */
  readonly version: number;
  /** True on a standby, and where an administrator has made the database read-only. */
  readonly isReadOnly: boolean;
  readonly role: string;
  readonly database: string;
  /** Where the bot's tables are made; null when no schema of the search path exists. */
  readonly schema: string | null;
  readonly canCreateTables: boolean;
  /** Whether the schema of pg-boss exists. */
  readonly hasQueueSchema: boolean;
  readonly canCreateQueue: boolean;
}

/** Asks the server. Rejects with its own error. */
export async function readPostgresFacts(database: Kysely<Schema>): Promise<PostgresFacts> {
  const { rows } = await sql<PostgresFacts>`
    select
      current_setting('server_version_num')::int as "version",
      current_setting('transaction_read_only') = 'on' as "isReadOnly",
      current_user::text as "role",
      current_database()::text as "database",
      current_schema()::text as "schema",
      coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) as "canCreateTables",
      to_regnamespace('pgboss') is not null as "hasQueueSchema",
      case when to_regnamespace('pgboss') is null
        then has_database_privilege(current_database(), 'CREATE')
        else has_schema_privilege('pgboss', 'CREATE') end as "canCreateQueue"
  `.execute(database);
  const [facts] = rows;
  if (facts === undefined) throw new TypeError("PostgreSQL answered without a row");
  return facts;
}

/** Why the bot can't work on this server at all; null when it can. */
export function serverProblem({ version, isReadOnly }: PostgresFacts): CannotStart | null {
  if (version < MIN_VERSION) {
    const sentence = `PostgreSQL ${Math.floor(version / 10_000)} is too old: the bot needs ${MIN_VERSION / 10_000} or newer. Upgrade it, or set DATABASE_URL to another.`;
    return new CannotStart("configuration", sentence);
  }
  if (!isReadOnly) return null;
  const sentence =
    "The database in DATABASE_URL is read-only, for example a standby. Set DATABASE_URL to the primary.";
  return new CannotStart("outage", sentence);
}

/** Which right is missing to make tables and queue, with the statement that grants it; null when none is. */
export function rightsProblem(facts: PostgresFacts, cause: unknown): CannotStart | null {
  const sentence = missingRight(facts);
  return sentence === null ? null : new CannotStart("configuration", sentence, { cause });
}

function missingRight(facts: PostgresFacts): string | null {
  const { role, database, schema, canCreateTables, hasQueueSchema, canCreateQueue } = facts;
  const who = `The role "${role}" of DATABASE_URL`;
  if (schema === null) {
    return `${who} has no schema for its tables in "${database}". Run as an administrator of that database: CREATE SCHEMA ${name(role)} AUTHORIZATION ${name(role)};`;
  }
  if (!canCreateTables) {
    return `${who} can't create tables in the schema "${schema}" of "${database}". Run as an administrator of that database: GRANT CREATE ON SCHEMA ${name(schema)} TO ${name(role)};`;
  }
  if (canCreateQueue) return null;
  return hasQueueSchema
    ? `${who} can't create tables in the schema "pgboss" of "${database}". Run as an administrator of that database: GRANT USAGE, CREATE ON SCHEMA pgboss TO ${name(role)};`
    : `${who} can't create the schema "pgboss" in "${database}". Run as an administrator of that database: CREATE SCHEMA pgboss AUTHORIZATION ${name(role)};`;
}

/** An identifier as SQL wants it. */
function name(identifier: string): string {
  return /^[a-z_][a-z0-9_]*$/u.test(identifier)
    ? identifier
    : `"${identifier.replaceAll('"', '""')}"`;
}
