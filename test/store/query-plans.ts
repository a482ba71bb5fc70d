import type { Kysely, KyselyPlugin, RootOperationNode } from "kysely";
import { CompiledQuery, createQueryId, SqliteQueryCompiler } from "kysely";
import type { Schema } from "../../src/store/schema.ts";

/** Keeps the statements that are made, as SQLite gets them. */
class Recorder implements KyselyPlugin {
  readonly statements = new Map<string, CompiledQuery>();
  readonly #compiler = new SqliteQueryCompiler();

  transformQuery({ node }: { node: RootOperationNode }): RootOperationNode {
    const compiled = this.#compiler.compileQuery(node, createQueryId());
    this.statements.set(compiled.sql, compiled);
    return node;
  }

  transformResult<Result>({ result }: { result: Result }): Promise<Result> {
    return Promise.resolve(result);
  }
}

/** How SQLite finds the rows of a statement, line by line. */
async function planOf(database: Kysely<Schema>, { sql, parameters }: CompiledQuery) {
  const explained = CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]);
  const { rows } = await database.executeQuery<{ detail: string }>(explained);
  return rows.map(({ detail }) => detail);
}

/** How SQLite finds the rows of all statements that something makes, line by line. */
export async function plansOf(
  database: Kysely<Schema>,
  live: (database: Kysely<Schema>) => Promise<unknown>,
): Promise<readonly string[]> {
  const recorder = new Recorder();
  await live(database.withPlugin(recorder));
  const statements = [...recorder.statements.values()];
  return (await Promise.all(statements.map((statement) => planOf(database, statement)))).flat();
}
