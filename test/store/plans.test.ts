import type { Kysely, KyselyPlugin, RootOperationNode } from "kysely";
import { CompiledQuery, createQueryId, SqliteQueryCompiler } from "kysely";
import { expect, test } from "vitest";
import { createApprovals } from "../../src/store/approvals.ts";
import { createInstallationStore } from "../../src/store/installations.ts";
import { createOrderStore } from "../../src/store/orders.ts";
import { createRecoveryStore } from "../../src/store/recovery.ts";
import type { Schema } from "../../src/store/schema.ts";
import { createTaskStore } from "../../src/store/tasks.ts";
import { deletedRepository, installation, moved, removed } from "./living.ts";
import { openStore } from "./opened.ts";
import { ADMITTED, ASKED, claimed, inserted, STARTED } from "./story.ts";
import { commanded } from "./trigger.ts";

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

const now = () => new Date("2026-11-21T12:00:00.000Z");

/** Every kind of statement that webhooks, tasks and their limits cost. */
async function live(database: Kysely<Schema>): Promise<void> {
  let ids = 0;
  const idOf = () => `task-${(ids += 1)}`;
  const tasks = createTaskStore(database, { now, idOf, mostStartsPerRepository: 9 });
  const installations = createInstallationStore(database, now);
  const approvals = createApprovals(database, now);
  const scopes = ["requester", "repository", "organisation"] as const;
  const limits = scopes.map((scope) => ({ scope, per: "day" as const, most: 5 }));

  const { id } = await inserted(tasks, commanded(1));
  const mine = await claimed(tasks, id);
  await tasks.renew(mine);
  await tasks.record(mine, ADMITTED);
  await tasks.begin(mine, ASKED, { limits, atOnce: 5 });
  await tasks.record(mine, STARTED);
  await tasks.record(mine, { commentId: 5 });
  await tasks.release(mine);
  const pull = { repositoryId: 1_296_269, subjectNumber: 8 };
  await approvals.approve(pull, "a", mine);
  await approvals.isApproved(pull, "a");
  await approvals.askedAbout(pull);
  await tasks.find(pull, "0b4f");
  await tasks.find(pull, null);
  const orders = createOrderStore(database, now);
  await orders.give({ id: "order-1", taskId: id, type: "stop", text: "", requester: "octocat" });
  await orders.waiting([id]);
  await orders.take(id);
  await installations.applyLifeChange(installation("installation_suspended"));
  await installations.applyLifeChange(removed([1, 2, 3]));
  await installations.applyLifeChange(deletedRepository(5));
  await installations.applyLifeChange(moved());
  await installations.applyLifeChange(installation("installation_deleted"));
  await installations.eraseInstallations(new Date("2026-11-22T12:00:00.000Z"));
  await createRecoveryStore(database, now).known(["delivery-1", "delivery-2"]);
}

test("nothing that happens for a webhook or a task looks at more rows than it needs", async () => {
  const { database } = await openStore();
  const recorder = new Recorder();
  await live(database.withPlugin(recorder));
  const plans = await Promise.all(
    [...recorder.statements.values()].map((statement) => planOf(database, statement)),
  );
  // The one table with a row for each installation alone.
  const small = /^SCAN installations$/u;
  const scans = plans.flat().filter((line) => line.startsWith("SCAN") && !small.test(line));
  expect(scans).toEqual([]);
  expect(plans.flat().filter((line) => line.startsWith("USE TEMP B-TREE"))).toEqual([]);
  const limits = plans.flat().filter((line) => line.includes("tasks_started"));
  expect(limits).toEqual([
    "SEARCH tasks USING INDEX tasks_started_by (owner_id=? AND requester_id=? AND session_intent_at>?)",
    "SEARCH tasks USING INDEX tasks_started_here (owner_id=? AND repository_id=? AND session_intent_at>?)",
    "SEARCH tasks USING INDEX tasks_started (owner_id=? AND session_intent_at>?)",
    "SEARCH tasks USING INDEX tasks_started_here (owner_id=? AND repository_id=? AND session_intent_at>?)",
  ]);
});
