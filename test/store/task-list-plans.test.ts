import { expect, test } from "vitest";
import type { TaskFilter, TaskLists } from "../../src/ports/task-lists.ts";
import { createTaskLists } from "../../src/store/task-lists.ts";
import { afterNoon, listedTask, readable, writeTasks } from "./listed.ts";
import { openStore } from "./opened.ts";
import { plansOf } from "./query-plans.ts";

const LIMITS = { manyRepositories: 2, fewTasks: 1, maxLookedAt: 5, maxRepositories: 200 };

/** How SQLite finds what pages ask for: the lines of all plans that say something of a table. */
async function plansFor(ask: (lists: TaskLists) => Promise<unknown>): Promise<readonly string[]> {
  const { database } = await openStore();
  await writeTasks(
    database,
    [1, 2, 3].map((ms) => listedTask(afterNoon(ms))),
  );
  const plans = await plansOf(database, (recorded) =>
    ask(createTaskLists(recorded, () => new Date(), LIMITS)),
  );
  const ofTables = /^(?:SCAN|SEARCH) (?:tasks|audit|orders|connections|recovery|task_changes)\b/u;
  return [...new Set(plans.filter((line) => ofTables.test(line)))].toSorted();
}

const FILTERS: readonly TaskFilter[] = [
  {},
  { state: "failed" },
  { kind: "fix" },
  { requester: "ada" },
  { state: "failed", kind: "fix", requester: "ada" },
  { search: "#7" },
  { search: "deadbeef" },
];

test("a page of the list is found by indexes alone", async () => {
  const before = `${afterNoon(9)}_x`;
  const plans = await plansFor(async (lists) => {
    for (const filter of FILTERS) {
      for (const ids of [[1_296_269], [1, 2, 3, 1_296_269]]) {
        const request = { readable: readable(...ids), filter, limit: 2 };
        await lists.page(request);
        await lists.page({ ...request, before });
        await lists.page({ ...request, after: before });
      }
    }
  });
  // What's scanned ends after a few tasks.
  expect(plans).toMatchInlineSnapshot(`
    [
      "SCAN tasks USING INDEX tasks_listed_newest",
      "SEARCH tasks USING INDEX sqlite_autoindex_tasks_1 (id=?)",
      "SEARCH tasks USING INDEX sqlite_autoindex_tasks_1 (id>? AND id<?)",
      "SEARCH tasks USING INDEX tasks_listed (repository_id=? AND (created_at,id)<(?,?))",
      "SEARCH tasks USING INDEX tasks_listed (repository_id=? AND (created_at,id)>(?,?) AND (created_at,id)<(?,?))",
      "SEARCH tasks USING INDEX tasks_listed (repository_id=? AND (created_at,id)>(?,?))",
      "SEARCH tasks USING INDEX tasks_listed (repository_id=?)",
      "SEARCH tasks USING INDEX tasks_listed_by (<expr>=? AND repository_id=? AND (created_at,id)<(?,?))",
      "SEARCH tasks USING INDEX tasks_listed_by (<expr>=? AND repository_id=? AND (created_at,id)>(?,?))",
      "SEARCH tasks USING INDEX tasks_listed_by (<expr>=? AND repository_id=?)",
      "SEARCH tasks USING INDEX tasks_listed_by (<expr>=?)",
      "SEARCH tasks USING INDEX tasks_listed_kind (kind=? AND repository_id=? AND (created_at,id)<(?,?))",
      "SEARCH tasks USING INDEX tasks_listed_kind (kind=? AND repository_id=? AND (created_at,id)>(?,?))",
      "SEARCH tasks USING INDEX tasks_listed_kind (kind=? AND repository_id=?)",
      "SEARCH tasks USING INDEX tasks_listed_kind (kind=?)",
      "SEARCH tasks USING INDEX tasks_listed_newest ((created_at,id)<(?,?))",
      "SEARCH tasks USING INDEX tasks_listed_newest ((created_at,id)>(?,?))",
      "SEARCH tasks USING INDEX tasks_listed_state (state=? AND repository_id=? AND (created_at,id)<(?,?))",
      "SEARCH tasks USING INDEX tasks_listed_state (state=? AND repository_id=? AND (created_at,id)>(?,?))",
      "SEARCH tasks USING INDEX tasks_listed_state (state=? AND repository_id=?)",
      "SEARCH tasks USING INDEX tasks_listed_state (state=?)",
      "SEARCH tasks USING INDEX tasks_thread (repository_id=? AND subject_number=? AND created_at<?)",
      "SEARCH tasks USING INDEX tasks_thread (repository_id=? AND subject_number=? AND created_at>? AND created_at<?)",
      "SEARCH tasks USING INDEX tasks_thread (repository_id=? AND subject_number=? AND created_at>?)",
      "SEARCH tasks USING INDEX tasks_thread (repository_id=? AND subject_number=?)",
    ]
  `);
});

test("a thread is found by its own index, however many tasks its repository has", async () => {
  const before = `${afterNoon(9)}_x`;
  const plans = await plansFor(async (lists) => {
    const request = { readable: readable(1_296_269), filter: { search: "#7" }, limit: 2 };
    await lists.page(request);
    await lists.page({ ...request, before });
    await lists.page({ ...request, after: before });
  });
  expect(plans.filter((line) => !line.includes("tasks_thread"))).toEqual([
    "SEARCH tasks USING INDEX sqlite_autoindex_tasks_1 (id=?)",
  ]);
});

test("what else pages ask for is found by indexes alone", async () => {
  const plans = await plansFor(async (lists) => {
    await lists.waitingFor(5, readable(1));
    await lists.find("task", readable(1));
    await lists.audit("task");
    await lists.commands("task");
    const { cursor } = await lists.changes(null);
    await lists.changes(cursor);
    await lists.repository({ ownerId: 9_919, repositoryId: 1 }, 5);
    await lists.overview();
  });
  // What's scanned has a row, one for each person, and one for each task that isn't settled.
  expect(plans).toMatchInlineSnapshot(`
    [
      "SCAN connections",
      "SCAN recovery",
      "SCAN tasks USING INDEX tasks_unsettled",
      "SEARCH audit USING COVERING INDEX audit_failures (at>?)",
      "SEARCH audit USING INDEX audit_failed (repository_id=? AND at>?)",
      "SEARCH audit USING INDEX audit_task (task_id=?)",
      "SEARCH orders USING INDEX orders_task (task_id=?)",
      "SEARCH task_changes",
      "SEARCH task_changes USING INTEGER PRIMARY KEY (rowid>?)",
      "SEARCH tasks USING COVERING INDEX tasks_started (owner_id=? AND session_intent_at>?)",
      "SEARCH tasks USING COVERING INDEX tasks_started_by (owner_id=? AND requester_id=? AND session_intent_at>?)",
      "SEARCH tasks USING COVERING INDEX tasks_started_here (owner_id=? AND repository_id=? AND session_intent_at>?)",
      "SEARCH tasks USING INDEX sqlite_autoindex_tasks_1 (id=?)",
      "SEARCH tasks USING INDEX tasks_repository (repository_id=?)",
      "SEARCH tasks USING INDEX tasks_started_here (owner_id=? AND repository_id=? AND session_intent_at>?)",
      "SEARCH tasks USING INDEX tasks_undelivered (refused_since>?)",
      "SEARCH tasks USING INDEX tasks_waiting (owner_id=? AND waiting_since>?)",
      "SEARCH tasks USING INDEX tasks_waiting_for (requester_id=?)",
    ]
  `);
});
