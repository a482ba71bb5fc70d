import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Allowance } from "../core/allowance.ts";
import { auditedStep } from "../core/audit.ts";
import type { Task, TaskChanges } from "../core/task.ts";
import type { Trigger } from "../core/trigger.ts";
import { changeAudited } from "./audit.ts";
import type { ClaimOptions, Claims } from "./claims.ts";
import { createClaims, isFree, own, selectTask } from "./claims.ts";
import type { Schema } from "./schema.ts";
import { findBesides, findInThread, findUnsettled, reopen } from "./find.ts";
import type { Enqueue } from "./insertion.ts";
import { createInsertion, newTask } from "./insertion.ts";
import type { Start } from "./starts.ts";
import { beginStart } from "./starts.ts";

/**
 * The tasks in the database. What of them is audited is written in the transaction that changes them.
 * Every method rejects when the database does.
 */
export interface TaskStore extends Claims {
  /**
   * Writes a queued task for a trigger. Null when the same event, or a task for the same label that has
   * not begun, is there already: a duplicate is success. Durable when it resolves.
   */
  insert(trigger: Trigger): Promise<Task | null>;
  get(id: string): Promise<Task | null>;
  /**
   * The task that a thread's command is about: the one whose id begins so, or the newest that a session
   * was asked for, or else the newest of all that start sessions. Null when there is none.
   */
  find(
    thread: Pick<Task, "repositoryId" | "subjectNumber">,
    idPrefix: string | null,
  ): Promise<Task | null>;
  /** The newest task of a thread that has a kind and is not settled; null when there is none. */
  findUnsettled(thread: Pick<Task, "repositoryId" | "subjectNumber">): Promise<Task | null>;
  /** The other tasks of a task's subject that are not settled, or have set a label that is still there. */
  besides(task: Task): Promise<readonly Task[]>;
  /** Has a settled task whose session got its prompt moved again; null when it is not one. */
  reopen(id: string, changes: TaskChanges): Promise<Task | null>;
  /** Writes changes under a claim; null when somebody else has claimed the task since. */
  record(task: Task, changes: TaskChanges): Promise<Task | null>;
  /** Records that a session is about to be created, if the limits leave room for it. */
  begin(task: Task, changes: TaskChanges, allowance: Allowance): Promise<Start>;
  /**
   * The ids of the tasks that the bot still has to do with, whose time has come and which nobody
   * moves, oldest first.
   *
   * @param untouchedMs only those that nobody has written to for so long
   */
  waiting(untouchedMs?: number): Promise<string[]>;
  /**
   * Deletes tasks that were settled before this, with their keys and orders, and what is known of
   * deliveries that old; gives the number of tasks.
   */
  prune(before: Date): Promise<number>;
  /** Rejects when the database cannot answer. */
  ping(): Promise<void>;
}

/** What the store needs to know besides the database. */
export interface StoreOptions extends ClaimOptions {
  /** The id of the task that a delivery asks for: the same for the same delivery. */
  readonly idOf: (deliveryId: string) => string;
  readonly enqueue?: Enqueue;
}

/** The store of tasks on an open, migrated database. */
export function createTaskStore(database: Kysely<Schema>, options: StoreOptions): TaskStore {
  const { now, idOf } = options;
  const time = () => now().toISOString();
  const insert = createInsertion(database, options.enqueue);
  return {
    ...createClaims(database, options),
    insert: (trigger) => insert(newTask(storable(trigger), idOf(trigger.deliveryId), time())),
    async get(id) {
      return (await selectTask(database, id)) ?? null;
    },
    async record(task, changes) {
      const written = { ...storable(changes), updatedAt: time() };
      if (auditedStep(task, { ...task, ...changes }) !== null) {
        return database
          .transaction()
          .execute((transaction) => changeAudited(transaction, task, written));
      }
      const changed = await own(database, task).set(written).returningAll().executeTakeFirst();
      return changed ?? null;
    },
    find: (thread, idPrefix) => findInThread(database, thread, idPrefix),
    findUnsettled: (thread) => findUnsettled(database, thread),
    besides: (task) => findBesides(database, task),
    reopen: (id, changes) => reopen(database, id, { ...storable(changes), updatedAt: time() }),
    begin(task, changes, allowance) {
      const { waitForOthers } = options;
      const begin = { changes: storable(changes), allowance, now: now(), waitForOthers };
      return database.transaction().execute((transaction) => beginStart(transaction, task, begin));
    },
    async waiting(untouchedMs = 0) {
      const untouchedSince = new Date(now().getTime() - untouchedMs).toISOString();
      const rows = await database
        .selectFrom("tasks")
        .select("id")
        .where("settledAt", "is", null)
        .where("updatedAt", "<=", untouchedSince)
        .where(isFree(time()))
        .where((row) => row.or([row("notBefore", "is", null), row("notBefore", "<=", time())]))
        .orderBy("createdAt")
        .execute();
      return rows.map(({ id }) => id);
    },
    async prune(before) {
      const old = before.toISOString();
      await database.deleteFrom("lifeEvents").where("appliedAt", "<", old).execute();
      await database.deleteFrom("repositories").where("updatedAt", "<", old).execute();
      const settled = database.selectFrom("tasks").select("id").where("settledAt", "<", old);
      await database.deleteFrom("orders").where("taskId", "in", settled).execute();
      const { numDeletedRows } = await database
        .deleteFrom("tasks")
        .where("settledAt", "<", old)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
    async ping() {
      await sql`select 1`.execute(database);
    },
  };
}

/** PostgreSQL takes every character but zero: it becomes the one for what cannot be shown. */
function storable<Fields extends object>(fields: Fields): Fields {
  if (!Object.values(fields).some(hasZero)) return fields;
  const clean = Object.entries(fields).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === "string" ? value.replaceAll("\0", "\uFFFD") : value,
  ]);
  return { ...fields, ...Object.fromEntries(clean) };
}

function hasZero(value: unknown): boolean {
  return typeof value === "string" && value.includes("\0");
}
