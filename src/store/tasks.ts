import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Task, TaskChanges } from "../core/task.ts";
import type { Trigger } from "../core/trigger.ts";
import type { Schema } from "./schema.ts";

/** The tasks in the database. Every method rejects when the database does. */
export interface TaskStore {
  /**
   * Writes a queued task for a trigger. Null when the same event, or an unsettled task for the same
   * label, is there already: a duplicate is success. Durable when it resolves.
   */
  insert(trigger: Trigger): Promise<Task | null>;
  get(id: string): Promise<Task | null>;
  /** Raises `attempt`, so that writes of earlier claims change nothing. Null when already settled. */
  claim(id: string): Promise<Task | null>;
  /** Writes changes under a claim; null when somebody else has claimed the task since. */
  record(task: Task, changes: TaskChanges): Promise<Task | null>;
  /** The ids of all tasks that the bot still has to do with, oldest first. */
  unsettled(): Promise<string[]>;
  /** Rejects when the database cannot answer. */
  ping(): Promise<void>;
}

interface Surroundings {
  readonly now: () => Date;
  readonly newId: () => string;
}

/** The store of tasks on an open, migrated database. */
export function createTaskStore(database: Kysely<Schema>, { now, newId }: Surroundings): TaskStore {
  const time = () => now().toISOString();
  return {
    async insert(trigger) {
      const inserted = await database
        .insertInto("tasks")
        .values(newTask(trigger, newId(), time()))
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .executeTakeFirst();
      return inserted ?? null;
    },
    async get(id) {
      const task = await database
        .selectFrom("tasks")
        .selectAll()
        .where("id", "=", id)
        .executeTakeFirst();
      return task ?? null;
    },
    async claim(id) {
      const claimed = await database
        .updateTable("tasks")
        .set((row) => ({ attempt: row("attempt", "+", 1), updatedAt: time() }))
        .where("id", "=", id)
        .where("settledAt", "is", null)
        .returningAll()
        .executeTakeFirst();
      return claimed ?? null;
    },
    async record(task, changes) {
      const changed = await database
        .updateTable("tasks")
        .set({ ...changes, updatedAt: time() })
        .where("id", "=", task.id)
        .where("attempt", "=", task.attempt)
        .returningAll()
        .executeTakeFirst();
      return changed ?? null;
    },
    async unsettled() {
      const rows = await database
        .selectFrom("tasks")
        .select("id")
        .where("settledAt", "is", null)
        .orderBy("createdAt")
        .execute();
      return rows.map(({ id }) => id);
    },
    async ping() {
      await sql`select 1`.execute(database);
    },
  };
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
    denial: null,
    failureCode: null,
    failureDetail: null,
    commentIntentAt: null,
    commentId: null,
    commentDigest: null,
  };
}
