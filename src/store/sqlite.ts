import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue, StatementSync } from "node:sqlite";
import type {
  DatabaseConnection,
  DialectAdapter,
  Driver,
  SqliteDatabase,
  SqliteStatement,
} from "kysely";
import {
  CamelCasePlugin,
  CompiledQuery,
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
} from "kysely";
import { fileProblem } from "./directory.ts";
import type { Schema } from "./schema.ts";

/**
 * How long a statement waits for another process that is writing, in milliseconds. The wait blocks this
 * process, and the scripts that write beside the bot take less than this for each of their transactions.
 */
const LOCK_WAIT_MS = 100;

/**
 * Opens the database file with Node's own SQLite, so that no native package has to be built. A commit
 * is on the disk when it returns (`synchronous=FULL`). What is committed is moved from the log to its
 * place after 32 MB, and not after SQLite's usual 4 MB: while tasks come, they change the same pages again soon.
 *
 * @throws CannotStart that names the file, when it is no database or cannot be opened
 */
export function openSqlite(file: string): Kysely<Schema> {
  return open(file, false, (database) =>
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = 8000;
      PRAGMA cache_size = -8000;
      PRAGMA foreign_keys = ON;
    `),
  );
}

/**
 * Opens the database file to look at what is in it, while the bot may be at work.
 *
 * @throws CannotStart that names the file, when there is no database in it
 */
export function openSqliteToRead(file: string): Kysely<Schema> {
  return open(file, true, (database) => database.prepare("select 1 from sqlite_schema").get());
}

function open(
  file: string,
  readOnly: boolean,
  begin: (database: DatabaseSync) => unknown,
): Kysely<Schema> {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly, timeout: LOCK_WAIT_MS });
    begin(database);
  } catch (error) {
    database?.close();
    throw fileProblem(file, "opened", error);
  }
  return new Kysely<Schema>({
    dialect: new NodeSqliteDialect(database),
    plugins: [new CamelCasePlugin()],
  });
}

/**
 * Writes a copy of the database, as of one moment, while the bot may be at work.
 *
 * @throws Error when there is no such database, or the copy's file exists
 */
export function backUpSqlite(file: string, copy: string): void {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    database.prepare("VACUUM INTO ?").run(copy);
  } finally {
    database.close();
  }
}

/** Kysely's dialect for SQLite on Node's own SQLite. */
class NodeSqliteDialect extends SqliteDialect {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    super({ database: forKysely(database) });
    this.#database = database;
  }

  override createDriver(): Driver {
    return new NodeSqliteDriver(this.#database);
  }

  /** SQLite can undo changes of the schema, so that a migration that fails leaves nothing behind. */
  override createAdapter(): DialectAdapter {
    return new (class extends SqliteAdapter {
      override get supportsTransactionalDdl(): boolean {
        return true;
      }
    })();
  }
}

class NodeSqliteDriver extends SqliteDriver {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    super({ database: forKysely(database) });
    this.#database = database;
  }

  /** At once for writing: a transaction that begins by reading fails when another process writes meanwhile. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  /**
   * SQLite itself rolls back when the disk is full or can't be written. Rolling back once more would fail, and
   * Kysely would report that instead of the reason.
   */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.isTransaction) await super.rollbackTransaction(connection);
  }
}

/** Kysely speaks to the interface of better-sqlite3; this is the part of it that Kysely uses. */
function forKysely(database: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      const statement = asStatement(database.prepare(sql));
      prepared.set(sql, statement);
      return statement;
    },
  };
}

function asStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}

function values(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((parameter) => {
    if (parameter === null || typeof parameter === "string" || typeof parameter === "number") {
      return parameter;
    }
    throw new TypeError(`SQLite takes text, numbers and null here, not ${typeof parameter}`);
  });
}
