import type { Kysely, Transaction } from "kysely";
import type { Allowance } from "../core/allowance.ts";
import { WINDOW_MS } from "../core/allowance.ts";
import type { Denial, Limit } from "../core/denial.ts";
import type { Task, TaskChanges } from "../core/task.ts";
import { changeAudited } from "./audit.ts";
import type { ClaimOptions } from "./claims.ts";
import type { Schema } from "./schema.ts";

/** What came of asking to start a session. */
export type Start =
  | { readonly type: "begun"; readonly task: Task }
  | { readonly type: "refused"; readonly denial: Denial }
  /** Somebody else has claimed the task since. */
  | { readonly type: "lost" };

/** A session whose end nobody saw counts as running for so long, in milliseconds. */
const UNSEEN_MS = 3_600_000;

/** What a start is decided on. */
export interface Begin {
  readonly changes: TaskChanges;
  readonly allowance: Allowance;
  readonly now: Date;
  readonly waitForOthers: ClaimOptions["waitForOthers"] | undefined;
}

/**
 * Records that a session is about to be created, if the policy's limits leave room. No two starts take
 * the same room: those of one account wait for each other.
 */
export async function beginStart(
  transaction: Transaction<Schema>,
  task: Task,
  { changes, allowance, now, waitForOthers }: Begin,
): Promise<Start> {
  await waitForOthers?.(transaction, task.ownerId);
  const denial = await denialOf(transaction, task, allowance, now);
  if (denial !== null) return { type: "refused", denial };
  const written = { ...changes, updatedAt: now.toISOString() };
  const begun = await changeAudited(transaction, task, written);
  return begun === null ? { type: "lost" } : { type: "begun", task: begun };
}

async function denialOf(
  database: Kysely<Schema>,
  task: Task,
  { limits, atOnce }: Allowance,
  now: Date,
): Promise<Denial | null> {
  for (const limit of limits) {
    const freesAt = await freesAtOf(database, task, limit, now);
    if (freesAt !== null) return { reason: "over_limit", limit, freesAt };
  }
  if (atOnce === null || (await running(database, task, now)) < atOnce) return null;
  return { reason: "too_many_at_once", most: atOnce };
}

/** When the next may start; null when it may now. */
async function freesAtOf(
  database: Kysely<Schema>,
  task: Task,
  { scope, per, most }: Limit,
  now: Date,
): Promise<string | null> {
  const since = new Date(now.getTime() - WINDOW_MS[per]).toISOString();
  const oldest = await started(database, task, scope)
    .where("sessionIntentAt", ">", since)
    .orderBy("sessionIntentAt", "desc")
    .offset(most - 1)
    .limit(1)
    .executeTakeFirst();
  if (oldest === undefined) return null;
  return new Date(Date.parse(oldest.sessionIntentAt ?? "") + WINDOW_MS[per]).toISOString();
}

/** The other tasks of the account whose sessions were asked for. */
function started(database: Kysely<Schema>, task: Task, scope: Limit["scope"]) {
  const all = database
    .selectFrom("tasks")
    .select("sessionIntentAt")
    .where("id", "!=", task.id)
    .where("sessionIntentAt", "is not", null)
    .where("ownerId", "=", task.ownerId);
  if (scope === "requester") return all.where("requesterId", "=", task.requesterId);
  return scope === "repository" ? all.where("repositoryId", "=", task.repositoryId) : all;
}

async function running(database: Kysely<Schema>, task: Task, now: Date): Promise<number> {
  const since = new Date(now.getTime() - UNSEEN_MS).toISOString();
  const { count } = await started(database, task, "repository")
    .clearSelect()
    .select((row) => row.fn.countAll<number>().as("count"))
    .where("state", "in", ["in_progress", "waiting_for_user"])
    .where((row) => row.or([row("settledAt", "is", null), row("sessionIntentAt", ">", since)]))
    .executeTakeFirstOrThrow();
  return count;
}
