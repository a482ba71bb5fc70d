import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue, StatementSync } from "node:sqlite";
import type { SqliteDatabase, SqliteStatement } from "kysely";
import { CamelCasePlugin, Kysely, SqliteDialect } from "kysely";
import type { Schema } from "./schema.ts";

/**
 * Opens the database file with Node's own SQLite, so that no native package has to be built.
 *
 * A commit is on the disk when it returns (`synchronous=FULL`), and no second process can write to the
 * same file (`locking_mode=EXCLUSIVE`).
 *
 * @throws Error with a sentence for the administrator, when another process has the file
 */
export function openSqlite(file: string): Kysely<Schema> {
  const database = new DatabaseSync(file);
  try {
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = ON;
      BEGIN IMMEDIATE;
      COMMIT;
    `);
  } catch (error) {
    database.close();
    throw explained(error, file);
  }
  return new Kysely<Schema>({
    dialect: new SqliteDialect({ database: forKysely(database) }),
    plugins: [new CamelCasePlugin()],
  });
}

function explained(error: unknown, file: string): Error {
  const message = error instanceof Error ? error.message : String(error);
  if (!message.includes("locked"))
    return new Error(`Cannot open ${file}: ${message}`, { cause: error });
  return new Error(
    `${file} is in use by another process: a directory of data belongs to one bot. Stop the other one, or give this one a DATA_DIR of its own.`,
    { cause: error },
  );
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
