import type { Kysely } from "kysely";
import { expect, test } from "vitest";
import { createApprovals } from "../../src/store/approvals.ts";
import { createSubjects } from "../../src/store/subject-events.ts";
import { createInstallations } from "../../src/store/installations.ts";
import { createSessionCommands } from "../../src/store/session-commands.ts";
import { createRecovery } from "../../src/store/recovery.ts";
import type { Schema } from "../../src/store/schema.ts";
import { createTaskStore } from "../../src/store/tasks.ts";
import { countRunning } from "../../src/store/waiting.ts";
import { closed, deleted, unlabeled } from "./subject-events.ts";
import { deletedRepository, installation, moved, removed } from "./living.ts";
import { openStore } from "./opened.ts";
import { plansOf } from "./query-plans.ts";
import { ADMITTED, ASKED, claimed, inserted, record, STARTED } from "./story.ts";
import { commanded } from "./trigger.ts";
import { changed } from "../core/task.ts";

const now = () => new Date("2026-11-21T12:00:00.000Z");

/** Every kind of statement that webhooks, tasks and their limits cost. */
async function live(database: Kysely<Schema>): Promise<void> {
  let ids = 0;
  const idOf = () => `task-${(ids += 1)}`;
  const tasks = createTaskStore(database, { now, idOf, mostStartsPerRepository: 9 });
  const installations = createInstallations(database, now);
  const approvals = createApprovals(database, now);
  const scopes = ["requester", "repository", "organization"] as const;
  const limits = scopes.map((scope) => ({ scope, per: "day" as const, most: 5 }));

  const { id } = await inserted(tasks, commanded(1));
  const mine = await claimed(tasks, id);
  await tasks.renew(mine);
  await record(tasks, mine, ADMITTED);
  await tasks.recordRetry(mine, changed(mine, { decision: { retryOf: "task-0" } }));
  await tasks.begin(mine, changed(mine, ASKED), { limits, atOnce: 5 });
  await record(tasks, mine, STARTED);
  await record(tasks, mine, { shown: { comment: { id: 5 } } });
  await tasks.release(mine);
  const pull = { repositoryId: 1_296_269, subjectNumber: 8 };
  await approvals.approve(pull, "a", mine);
  await approvals.isApproved(pull, "a");
  await approvals.askedAbout(pull);
  await tasks.newest(pull);
  await tasks.findNamed(pull, "0b4f");
  await tasks.list(pull);
  await tasks.refusals(mine, "2026-11-21T11:00:00.000Z");
  await tasks.siblingTasks(mine);
  await tasks.undelivered(null);
  await tasks.withoutLink("2026-11-21T11:00:00.000Z");
  await tasks.correctLink(id, "https://github.com/copilot/tasks/1");
  await tasks.reopen(id, { followUntil: "2026-11-21T15:00:00.000Z" });
  await tasks.checkWrite();
  const commands = createSessionCommands(database, now);
  await commands.give({
    id: "command-1",
    taskId: id,
    type: "stop",
    text: "",
    requester: "octocat",
  });
  await commands.waiting([id]);
  await commands.left("2026-11-21T11:00:00.000Z");
  await commands.take(id);
  const subjects = createSubjects(database, now);
  for (const one of [closed(8), unlabeled(), deleted()]) await subjects.applySubjectEvent(one);
  await installations.applyInstallationEvent(installation("installation_suspended"));
  await installations.applyInstallationEvent(removed([1, 2, 3]));
  await installations.applyInstallationEvent(deletedRepository(5));
  await installations.applyInstallationEvent(moved());
  await installations.applyInstallationEvent(installation("installation_deleted"));
  await installations.eraseInstallations(new Date("2026-11-22T12:00:00.000Z"));
  await createRecovery(database, now).known(["delivery-1", "delivery-2"]);
}

test("nothing that happens for a webhook or a task looks at more rows than it needs", async () => {
  const { database } = await openStore();
  const plans = await plansOf(database, live);
  // The one table with a row for each installation alone; and the rows that a statement itself brings, which
  // SQLite lists where the table has a trigger, as that of the audit's seals. Sessions on workers, and only with
  // PostgreSQL, are a month's, and looked through only when somebody is erased.
  const small = /^SCAN (?:installations|hosted_sessions|\d+-ROW VALUES CLAUSE)$/u;
  const scans = plans.filter((line) => line.startsWith("SCAN") && !small.test(line));
  expect(scans).toEqual([]);
  expect(plans.filter((line) => line.startsWith("USE TEMP B-TREE"))).toEqual([]);
  const limits = plans.filter((line) => line.includes("tasks_started"));
  expect(limits).toEqual([
    "SEARCH tasks USING INDEX tasks_started_by (owner_id=? AND requester_id=? AND session_intent_at>?)",
    "SEARCH tasks USING INDEX tasks_started_here (owner_id=? AND repository_id=? AND session_intent_at>?)",
    "SEARCH tasks USING INDEX tasks_started (owner_id=? AND session_intent_at>?)",
    "SEARCH tasks USING INDEX tasks_started_here (owner_id=? AND repository_id=? AND session_intent_at>?)",
  ]);
});

test("running sessions are counted among those of now, not among all that a repository ever had", async () => {
  const { database } = await openStore();
  const place = { ownerId: 1, repositoryId: 2 };
  expect(await plansOf(database, (recorded) => countRunning(recorded, place, now()))).toEqual([
    "SEARCH tasks USING INDEX tasks_repository (repository_id=?)",
    "SEARCH tasks USING INDEX tasks_started_here (owner_id=? AND repository_id=? AND session_intent_at>?)",
  ]);
});
