import { CompiledQuery } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { openPostgres } from "../../src/store/postgres.ts";
import { openConnection } from "../cut-connection.ts";
import { TEST_DATABASE_URL } from "./test-database.ts";

// A connection that ends throws where nobody can catch it, unless somebody listens: Vitest reports that as well.
test("a connection that breaks in the middle of a transaction fails the transaction, and nothing else", async () => {
  const url = new URL(TEST_DATABASE_URL);
  const connection = await openConnection(url.hostname, Number(url.port));
  onTestFinished(() => connection.close());
  url.port = String(connection.port);
  const database = openPostgres(url.href);
  onTestFinished(() => database.destroy());
  const uncaught: unknown[] = [];
  const listener = (error: unknown) => void uncaught.push(error);
  process.on("uncaughtExceptionMonitor", listener);
  onTestFinished(() => void process.off("uncaughtExceptionMonitor", listener));

  const begun = Promise.withResolvers<void>();
  const cut = Promise.withResolvers<void>();
  const between = database.transaction().execute(async (transaction) => {
    await transaction.executeQuery(CompiledQuery.raw("select 1"));
    begun.resolve();
    await cut.promise;
    // By now Node has seen that the connection is gone, while no statement waited for it.
    await transaction.executeQuery(CompiledQuery.raw("select 2"));
  });
  const during = database.transaction().execute(async (transaction) => {
    await begun.promise;
    const statement = transaction.executeQuery(CompiledQuery.raw("select pg_sleep(60)"));
    connection.cut();
    await statement.finally(cut.resolve);
  });

  const outcomes = await Promise.allSettled([during, between]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(uncaught).toEqual([]);
  connection.restore();
  const { rows } = await database.executeQuery(CompiledQuery.raw("select 1 as one"));
  expect(rows).toEqual([{ one: 1 }]);
});
