import type { Driver, Transaction } from "kysely";
import { CamelCasePlugin, CompiledQuery, Kysely, PostgresDialect, PostgresDriver } from "kysely";
import { Pool, TypeOverrides } from "pg";
import type { Schema } from "./schema.ts";

/** OID of `bigint`, whose values pg gives as text because a number may be too small for them. */
const BIGINT = 20;

/** A replica takes few of the server's connections (100, usually): its queue has as many again. */
const MAX_CONNECTIONS = 5;

/**
 * In milliseconds. GitHub waits ten seconds for an answer: a database that hangs must not hold webhooks for
 * longer, and a replica that hangs must not hold the rows of others.
 */
const TIMEOUTS = {
  connectionTimeoutMillis: 5_000,
  idle_in_transaction_session_timeout: 10_000,
};

/** Connects to PostgreSQL; the first statement shows whether that works. */
export function openPostgres(url: string): Kysely<Schema> {
  const types = new TypeOverrides();
  // GitHub's ids and counts are far below 2^53.
  types.setTypeParser(BIGINT, Number);
  const pool = new Pool({ connectionString: url, types, max: MAX_CONNECTIONS, ...TIMEOUTS });
  // A connection that breaks is replaced, and the statement that waits for it fails. It says so as an event as
  // well, which without a listener would end the bot: the pool listens only while nobody uses the connection.
  pool.on("error", () => {}).on("connect", (client) => client.on("error", () => {}));
  return new Kysely<Schema>({
    dialect: new PooledDialect({ pool }),
    plugins: [new CamelCasePlugin()],
  });
}

class PooledDialect extends PostgresDialect {
  readonly #pool: Pool;

  constructor({ pool }: { readonly pool: Pool }) {
    super({ pool });
    this.#pool = pool;
  }

  override createDriver(): Driver {
    return new PooledDriver({ pool: this.#pool });
  }
}

type Connection = Parameters<PostgresDriver["rollbackTransaction"]>[0];

class PooledDriver extends PostgresDriver {
  /**
   * On a broken connection this fails as well, and Kysely would report that instead of the reason. PostgreSQL
   * rolls back by itself then, and Kysely discards the connection.
   */
  override async rollbackTransaction(connection: Connection): Promise<void> {
    await super.rollbackTransaction(connection).catch(() => {});
  }
}

/** Makes transactions that give the same number wait for each other, until they end. */
export async function waitForOthers(transaction: Transaction<Schema>, id: number): Promise<void> {
  await transaction.executeQuery(CompiledQuery.raw("select pg_advisory_xact_lock($1)", [id]));
}

/** Lets a library that speaks SQL take part in a transaction. */
export function sqlIn(transaction: Transaction<Schema>) {
  return {
    async executeSql(text: string, values: unknown[] = []) {
      // Without the plugin that renames columns: the library knows its own.
      const plain = transaction.withoutPlugins();
      const { rows } = await plain.executeQuery(CompiledQuery.raw(text, values));
      return { rows };
    },
  };
}
