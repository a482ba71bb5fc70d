import type { Kysely, Transaction } from "kysely";
import { sql } from "kysely";
import type { Task, TaskChanges } from "../core/task.ts";
import type { Trigger } from "../core/trigger.ts";
import type { ClaimOptions, Claims } from "./claims.ts";
import { createClaims, isFree, own, selectTask } from "./claims.ts";
import type { Schema } from "./schema.ts";

/** The tasks in the database. Every method rejects when the database does. */
export interface TaskStore extends Claims {
  /**
   * Writes a queued task for a trigger. Null when the same event, or an unsettled task for the same
   * label, is there already: a duplicate is success. Durable when it resolves.
   */
  insert(trigger: Trigger): Promise<Task | null>;
  get(id: string): Promise<Task | null>;
  /** Writes changes under a claim; null when somebody else has claimed the task since. */
  record(task: Task, changes: TaskChanges): Promise<Task | null>;
  /**
   * The ids of the tasks that the bot still has to do with, whose time has come and which nobody
   * moves, oldest first.
   *
   * @param untouchedMs only those that nobody has written to for so long
   */
  waiting(untouchedMs?: number): Promise<string[]>;
  /** Deletes tasks that were settled before this, with their keys; gives their number. */
  prune(before: Date): Promise<number>;
  /** Rejects when the database cannot answer. */
  ping(): Promise<void>;
}

/** What the store needs to know besides the database. */
export interface StoreOptions extends ClaimOptions {
  readonly newId: () => string;
  /** Has the new task looked at, in the transaction that writes it. */
  readonly enqueue?: (transaction: Transaction<Schema>, taskId: string) => Promise<void>;
}

/** The store of tasks on an open, migrated database. */
export function createTaskStore(database: Kysely<Schema>, options: StoreOptions): TaskStore {
  const { now, newId } = options;
  const time = () => now().toISOString();
  return {
    ...createClaims(database, options),
    insert: (trigger) =>
      insert(database, newTask(storable(trigger), newId(), time()), options.enqueue),
    async get(id) {
      return (await selectTask(database, id)) ?? null;
    },
    async record(task, changes) {
      const changed = await own(database, task)
        .set({ ...storable(changes), updatedAt: time() })
        .returningAll()
        .executeTakeFirst();
      return changed ?? null;
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
      const { numDeletedRows } = await database
        .deleteFrom("tasks")
        .where("settledAt", "<", before.toISOString())
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
    async ping() {
      await sql`select 1`.execute(database);
    },
  };
}

async function insert(
  database: Kysely<Schema>,
  task: Task,
  enqueue: StoreOptions["enqueue"],
): Promise<Task | null> {
  const write = (target: Kysely<Schema>) =>
    target
      .insertInto("tasks")
      .values(task)
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst();
  if (enqueue === undefined) return (await write(database)) ?? null;
  return database.transaction().execute(async (transaction) => {
    const inserted = await write(transaction);
    if (inserted !== undefined) await enqueue(transaction, inserted.id);
    return inserted ?? null;
  });
}

/** PostgreSQL takes every character but zero: it becomes the one for what cannot be shown. */
function storable<Fields extends object>(fields: Fields): Fields {
  const clean = Object.entries(fields).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === "string" ? value.replaceAll("\0", "\uFFFD") : value,
  ]);
  return { ...fields, ...Object.fromEntries(clean) };
}

function newTask(trigger: Trigger, id: string, createdAt: string): Task {
  const { type: _type, ...fields } = trigger;
  return {
    ...fields,
    id,
    createdAt,
    updatedAt: createdAt,
    state: "queued",
    attempt: 0,
    leaseUntil: null,
    lane: null,
    retries: 0,
    settledAt: null,
    notBefore: null,
    branch: null,
    commit: null,
    acknowledgedAt: null,
    sessionIntentAt: null,
    sessionId: null,
    sessionStartedAt: null,
    sessionRepository: null,
    sessionBranch: null,
    promptIntentAt: null,
    promptDeliveredAt: null,
    linkUrl: null,
    linkSource: null,
    watchUntil: null,
    denial: null,
    failureCode: null,
    failureDetail: null,
    commentIntentAt: null,
    commentId: null,
    commentDigest: null,
  };
}
