import type { KyselyPlugin } from "kysely";
import { createQueryId, SqliteQueryCompiler } from "kysely";
import { expect, test } from "vitest";
import { readAudit } from "../../src/store/audit.ts";
import { sealAudit } from "../../src/store/audit-seals.ts";
import { openStore } from "./opened.ts";
import { insertMany } from "./story.ts";

const now = () => new Date();

test("a backlog is sealed in batches that let others work between, none of them looked through twice", async () => {
  const { database, tasks } = await openStore();
  await insertMany(tasks, 450);
  const ids = (await readAudit(database, { limit: 450 })).map(({ id }) => id);
  const from: unknown[] = [];
  const recorder: KyselyPlugin = {
    transformQuery({ node }) {
      const { sql: text, parameters } = new SqliteQueryCompiler().compileQuery(
        node,
        createQueryId(),
      );
      if (text.includes("not exists")) from.push(parameters[0]);
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  let turns = 0;
  const count = () => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  expect(await sealAudit(database.withPlugin(recorder), now)).toBe(450);
  clearImmediate(next);
  expect(from).toEqual([0, ids[199], ids[399]]);
  expect(turns).toBeGreaterThanOrEqual(2);
});
