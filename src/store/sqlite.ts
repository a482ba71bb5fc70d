import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue, StatementSync } from "node:sqlite";
import type { DialectAdapter, SqliteDatabase, SqliteStatement } from "kysely";
import { CamelCasePlugin, Kysely, SqliteAdapter, SqliteDialect } from "kysely";
import type { Schema } from "./schema.ts";

/**
 * Opens the database file with Node's own SQLite, so that no native package has to be built. A commit
 * is on the disk when it returns (`synchronous=FULL`). What is committed is moved from the log to its
 * place after 32 MB, and not after SQLite's usual 4 MB: while tasks come, they change the same pages again soon.
 *
 * @throws Error that names the file, when it is no database or cannot be opened
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
 * @throws Error that names the file, when there is no database in it
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
    database = new DatabaseSync(file, { readOnly });
    begin(database);
  } catch (error) {
    database?.close();
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${file} cannot be opened: ${message}`, { cause: error });
  }
  return new Kysely<Schema>({
    dialect: new TransactionalSqliteDialect({ database: forKysely(database) }),
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

/** SQLite can undo changes of the schema, so that a migration that fails leaves nothing behind. */
class TransactionalSqliteDialect extends SqliteDialect {
  override createAdapter(): DialectAdapter {
    return new (class extends SqliteAdapter {
      override get supportsTransactionalDdl(): boolean {
        return true;
      }
    })();
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
