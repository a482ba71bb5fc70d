import type { Kysely, Transaction } from "kysely";
import type { Allowance } from "../core/access/allowance.ts";
import { WINDOW_MS } from "../core/access/allowance.ts";
import type { Denial, Limit } from "../core/task/denial.ts";
import type { Task } from "../core/task/task.ts";
import { waitingForPlace } from "../core/task/transitions/starting.ts";
import type { Waiter } from "../core/task/waiting.ts";
import { comesBefore, isInLine } from "../core/task/waiting.ts";
import type { Start } from "../ports/tasks.ts";
import { changeAudited } from "./audit.ts";
import type { ClaimOptions } from "./claims.ts";
import { own } from "./claims.ts";
import type { Schema } from "./schema.ts";
import { storable } from "./storable.ts";
import { changedColumns, taskOf } from "./task-row.ts";
import { countRunning, selectWaiting } from "./waiting.ts";

/** What a start is decided on. */
export interface Begin {
  /** The task as it is when its session is asked for. */
  readonly requested: Task;
  readonly allowance: Allowance;
  readonly now: Date;
  readonly waitForOthers: ClaimOptions["waitForOthers"] | undefined;
}

/**
 * Records that a session is about to be created, if the policy's limits leave room, or else that the task waits
 * for its place. No two starts take the same room: those of one account wait for each other.
 */
export async function beginStart(
  transaction: Transaction<Schema>,
  task: Task,
  { requested, allowance, now, waitForOthers }: Begin,
): Promise<Start> {
  await waitForOthers?.(transaction, task.place.ownerId);
  const { limits, atOnce } = allowance;
  const others = (await selectWaiting(transaction, task.place.ownerId)).filter(
    ({ id }) => id !== task.id,
  );
  const denial = await denialOf(transaction, task, { limits, others, now });
  if (denial !== null) return { type: "refused", denial };
  const updatedAt = now.toISOString();
  if (atOnce !== null && (await placesTaken(transaction, task, others, now)) >= atOnce) {
    const waiting = changedColumns(task, waitingForPlace(task, updatedAt, atOnce));
    const row = await own(transaction, task)
      .set({ ...waiting, updatedAt })
      .returningAll()
      .executeTakeFirst();
    return row === undefined ? { type: "lost" } : { type: "full", task: taskOf(row) };
  }
  const written = { ...storable(changedColumns(task, requested)), updatedAt };
  const begun = await changeAudited(transaction, task, written);
  return begun === null ? { type: "lost" } : { type: "begun", task: begun };
}

/** By the sessions that run in the repository, and by the tasks that were there before this one. */
async function placesTaken(
  database: Kysely<Schema>,
  task: Task,
  others: readonly Waiter[],
  now: Date,
): Promise<number> {
  const at = now.toISOString();
  const { id, place, schedule } = task;
  const mine = { id, waitingSince: schedule.waitingSince };
  const before = others.filter(
    (other) =>
      other.repositoryId === place.repositoryId && isInLine(other, at) && comesBefore(other, mine),
  );
  return before.length + (await countRunning(database, place, now, id));
}

interface Count {
  readonly limits: Allowance["limits"];
  /** The other tasks of the account that wait. What waits counts as started: it will be. */
  readonly others: readonly Waiter[];
  readonly now: Date;
}

async function denialOf(
  database: Kysely<Schema>,
  task: Task,
  { limits, others, now }: Count,
): Promise<Denial | null> {
  for (const limit of limits) {
    const waiting = others.filter((other) => isCounted(other, task, limit.scope)).length;
    const freesAt = await freesAtOf(database, task, limit, { waiting, now });
    if (freesAt !== null) return { reason: "over_limit", limit, freesAt };
  }
  return null;
}

function isCounted(other: Waiter, task: Task, scope: Limit["scope"]): boolean {
  if (scope === "requester") return other.requesterId === task.requester.id;
  return scope !== "repository" || other.repositoryId === task.place.repositoryId;
}

/** When the next may start; null when it may now. */
async function freesAtOf(
  database: Kysely<Schema>,
  task: Task,
  { scope, per, most }: Limit,
  { waiting, now }: { readonly waiting: number; readonly now: Date },
): Promise<string | null> {
  const inMs = (ms: number) => new Date(now.getTime() + ms).toISOString();
  if (waiting >= most) return inMs(WINDOW_MS[per]);
  const oldest = await started(database, task, scope)
    .where("sessionIntentAt", ">", inMs(-WINDOW_MS[per]))
    .orderBy("sessionIntentAt", "desc")
    .offset(most - 1 - waiting)
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
    .where("ownerId", "=", task.place.ownerId);
  if (scope === "requester") return all.where("requesterId", "=", task.requester.id);
  return scope === "repository" ? all.where("repositoryId", "=", task.place.repositoryId) : all;
}
