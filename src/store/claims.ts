import type { ExpressionBuilder, Kysely, Transaction } from "kysely";
import type { Lane, Task } from "../core/task/task.ts";
import type { Claim, Claims, TaskStore } from "../ports/tasks.ts";
import type { Schema } from "./schema.ts";
import { taskOf } from "./task-row.ts";
import type { TaskRow } from "./task-row.ts";

/** What claims depend on apart from the database. */
export interface ClaimOptions {
  readonly now: () => Date;
  /** The most sessions that are being started for one repository at once. */
  readonly mostStartsPerRepository: number;
  /**
   * Makes transactions that give the same number wait for each other, where the database does not
   * anyway: claims give their repository's, starts their account's.
   */
  readonly waitForOthers?: (transaction: Transaction<Schema>, id: number) => Promise<void>;
}

/** How long a claim holds when it is not renewed, in milliseconds. */
const LEASE_MS = 9_000;

/** Claims on an open, migrated database. */
export function createClaims(
  database: Kysely<Schema>,
  options: ClaimOptions,
): Claims & Pick<TaskStore, "releaseAll"> {
  const time = (inMs = 0) => new Date(options.now().getTime() + inMs).toISOString();

  return {
    claim: (id, lane) =>
      lane === "start"
        ? database.transaction().execute((transaction) => claimStart(transaction, id, options))
        : claim(database, id, lane, options.now()),
    async renew(task) {
      const { numUpdatedRows } = await own(database, task)
        .set({ leaseUntil: time(LEASE_MS) })
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async renewWithoutSlot(task) {
      const { numUpdatedRows } = await own(database, task)
        .set({ lane: "receive", leaseUntil: time(LEASE_MS) })
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async release(task) {
      await own(database, task).set({ leaseUntil: null, lane: null }).execute();
    },
    async releaseAll() {
      await database
        .updateTable("tasks")
        .set({ leaseUntil: null, lane: null })
        .where("leaseUntil", "is not", null)
        .execute();
    },
  };
}

async function claim(database: Kysely<Schema>, id: string, lane: Lane, now: Date): Promise<Claim> {
  const at = now.toISOString();
  const leaseUntil = new Date(now.getTime() + LEASE_MS).toISOString();
  const claimed = await database
    .updateTable("tasks")
    .set((row) => ({ attempt: row("attempt", "+", 1), leaseUntil, lane, updatedAt: at }))
    .where("id", "=", id)
    .where("settledAt", "is", null)
    .where(isFree(at))
    .returningAll()
    .executeTakeFirst();
  if (claimed !== undefined) return { type: "claimed", task: taskOf(claimed) };
  return isOpen(await selectTask(database, id))
    ? { type: "busy", why: "leased" }
    : { type: "settled" };
}

async function claimStart(
  transaction: Transaction<Schema>,
  id: string,
  options: ClaimOptions,
): Promise<Claim> {
  const found = await selectTask(transaction, id);
  if (!isOpen(found)) return { type: "settled" };
  const now = options.now();
  if (await isFull(transaction, found, options, now.toISOString())) {
    return { type: "busy", why: "repository" };
  }
  return claim(transaction, id, "start", now);
}

function isOpen(row: TaskRow | undefined): row is TaskRow {
  return row !== undefined && row.settledAt === null;
}

/** The row of a task by its id. */
export function selectTask(database: Kysely<Schema>, id: string): Promise<TaskRow | undefined> {
  return database.selectFrom("tasks").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Only the claim that raised `attempt` last may write. */
export function own(database: Kysely<Schema>, { id, attempt }: Pick<Task, "id" | "attempt">) {
  return database.updateTable("tasks").where("id", "=", id).where("attempt", "=", attempt);
}

/** Nobody moves the task at this time. */
export function isFree(at: string) {
  return (row: ExpressionBuilder<Schema, "tasks">) =>
    row.or([row("leaseUntil", "is", null), row("leaseUntil", "<", at)]);
}

async function isFull(
  transaction: Transaction<Schema>,
  task: TaskRow,
  { mostStartsPerRepository, waitForOthers }: ClaimOptions,
  at: string,
): Promise<boolean> {
  await waitForOthers?.(transaction, task.repositoryId);
  const { starts } = await transaction
    .selectFrom("tasks")
    .select((row) => row.fn.countAll<number>().as("starts"))
    .where("repositoryId", "=", task.repositoryId)
    .where("settledAt", "is", null)
    .where("lane", "=", "start")
    .where("leaseUntil", ">=", at)
    .where("id", "!=", task.id)
    .executeTakeFirstOrThrow();
  return starts >= mostStartsPerRepository;
}
