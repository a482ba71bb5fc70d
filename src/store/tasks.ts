import type { Kysely } from "kysely";
import { auditedStep } from "../core/task/audit.ts";
import { newTask } from "../core/task/new-task.ts";
import type { TaskStore } from "../ports/tasks.ts";
import type { AuditListener } from "./audit.ts";
import { auditedTransaction, changeAudited } from "./audit.ts";
import type { ClaimOptions } from "./claims.ts";
import { createClaims, own, selectTask } from "./claims.ts";
import type { Schema } from "./schema.ts";
import { createThreadTasks, findWaiting, reopen } from "./find.ts";
import { correctLink, findWithoutLink } from "./late-links.ts";
import type { Enqueue } from "./insertion.ts";
import { createInsertion } from "./insertion.ts";
import { storable } from "./storable.ts";
import { changedColumns, taskOf } from "./task-row.ts";
import { writeRetry } from "./retries.ts";
import { beginStart } from "./starts.ts";
import { findUndelivered } from "./undelivered.ts";
import { findStartable } from "./waiting.ts";
import { checkWrite } from "./write-check.ts";

/** What the store needs to know apart from the database. */
export interface StoreOptions extends ClaimOptions {
  /** The id of the task that a delivery asks for: the same for the same delivery. */
  readonly idOf: (deliveryId: string) => string;
  readonly enqueue?: Enqueue;
  readonly onAudited?: AuditListener | undefined;
}

/** The store of tasks on an open, migrated database. */
export function createTaskStore(database: Kysely<Schema>, options: StoreOptions): TaskStore {
  const { now, idOf, onAudited } = options;
  const time = () => now().toISOString();
  const insert = createInsertion(database, options.enqueue, onAudited);

  const waitingTasks = (untouchedMs = 0) => findWaiting(database, now(), untouchedMs);

  return {
    ...createClaims(database, options),
    ...createThreadTasks(database),
    insert: (trigger) =>
      insert(newTask(storable(trigger), idOf(trigger.trigger.deliveryId), time())),
    async get(id) {
      const row = await selectTask(database, id);
      return row === undefined ? null : taskOf(row);
    },
    async record(before, after) {
      const written = { ...storable(changedColumns(before, after)), updatedAt: time() };
      if (auditedStep(before, after) !== null) {
        return auditedTransaction(database, onAudited, (transaction) =>
          changeAudited(transaction, before, written),
        );
      }
      const row = await own(database, before).set(written).returningAll().executeTakeFirst();
      return row === undefined ? null : taskOf(row);
    },
    recordRetry(task, retrying) {
      const { waitForOthers } = options;
      const given = { retrying, updatedAt: time(), waitForOthers };
      return database.transaction().execute((transaction) => writeRetry(transaction, task, given));
    },
    reopen: (id, reopening) => reopen(database, id, reopening, time()),
    correctLink: (id, linkUrl) => correctLink(database, id, linkUrl, time()),
    withoutLink: (startedSince) => findWithoutLink(database, startedSince),
    begin(task, requested, allowance) {
      const { waitForOthers } = options;
      const begin = { requested, allowance, now: now(), waitForOthers };
      return auditedTransaction(database, onAudited, (transaction) =>
        beginStart(transaction, task, begin),
      );
    },
    startable: (only) => findStartable(database, now(), only),
    waitingTasks,
    waiting: async (untouchedMs) => (await waitingTasks(untouchedMs)).map(({ id }) => id),
    prune: (before) => prune(database, before.toISOString()),
    undelivered: (repository) => findUndelivered(database, repository),
    checkWrite: () => checkWrite(database),
  };
}

async function prune(database: Kysely<Schema>, old: string): Promise<number> {
  await database.deleteFrom("lifeEvents").where("appliedAt", "<", old).execute();
  await database.deleteFrom("repositories").where("updatedAt", "<", old).execute();
  const settled = database.selectFrom("tasks").select("id").where("settledAt", "<", old);
  await database.deleteFrom("orders").where("taskId", "in", settled).execute();
  const { numDeletedRows } = await database
    .deleteFrom("tasks")
    .where("settledAt", "<", old)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
