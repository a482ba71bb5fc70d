import type { Compilable, CompiledQuery, DialectAdapter, Kysely } from "kysely";
import type { Schema } from "./schema.ts";

/** The most rows of one statement. For others there are statements of 16, 8, 4, 2 and 1. */
const MAX_ROWS = 32;

interface Statement<Result> {
  readonly columns: readonly string[];
  readonly compiled: CompiledQuery<Result>;
}

/**
 * Inserts any number of rows, all with the same fields, in their order; resolves to what the statements
 * return.
 *
 * Building a statement takes longer than SQLite needs for it: each is built once for a database, and
 * then given other values.
 *
 * @param build builds the statement for as many rows as these
 */
export function insertOf<Row extends Record<string, unknown>, Result>(
  build: (database: Kysely<Schema>, rows: readonly Row[]) => Compilable<Result>,
) {
  const built = new WeakMap<DialectAdapter, Map<number, Statement<Result>>>();

  function statementFor(database: Kysely<Schema>, rows: readonly Row[]): Statement<Result> {
    const { adapter } = database.getExecutor();
    const ofDatabase = built.get(adapter) ?? new Map<number, Statement<Result>>();
    built.set(adapter, ofDatabase);
    const known = ofDatabase.get(rows.length);
    if (known !== undefined) return known;
    // The values come in the order of the first row's fields.
    const columns = Object.keys(rows[0] ?? {});
    const statement = { columns, compiled: build(database, rows).compile() };
    ofDatabase.set(rows.length, statement);
    return statement;
  }

  return async (database: Kysely<Schema>, rows: readonly Row[]): Promise<Result[]> => {
    const results: Result[] = [];
    let done = 0;
    while (done < rows.length) {
      const some = rows.slice(done, done + atOnce(rows.length - done));
      const { columns, compiled } = statementFor(database, some);
      const parameters: unknown[] = [];
      for (const row of some) for (const column of columns) parameters.push(row[column]);
      const written = await database.executeQuery<Result>({ ...compiled, parameters });
      results.push(...written.rows);
      done += some.length;
    }
    return results;
  };
}

function atOnce(left: number): number {
  return left >= MAX_ROWS ? MAX_ROWS : 2 ** Math.floor(Math.log2(left));
}
