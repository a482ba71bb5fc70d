import type { Kysely } from "kysely";
import { sql } from "kysely";
import { WINDOW_MS } from "../../core/access/allowance.ts";
import type { TaskPlace } from "../../core/task/task.ts";
import type { Waiter } from "../../core/task/waiting.ts";
import type { FailureCount, LimitUse, RepositoryFigures } from "../../ports/task-lists.ts";
import type { Schema } from "../schema.ts";
import { countIf, countUnseen, selectWaiting } from "../waiting.ts";

type Place = Pick<TaskPlace, "ownerId" | "repositoryId">;

/** Counting ends here: what's used up is used up. */
const MAX_COUNTED = 1_000;
/** Of a repository's failures, the newest. */
const MAX_FAILURES = 1_000;
/** How far back failures are counted, in milliseconds. */
export const FAILURES_MS = 30 * 86_400_000;

/** What a repository's tasks do, how much of the limits they use, and how they failed. */
export async function repositoryFigures(
  database: Kysely<Schema>,
  place: Place,
  personId: number,
  now: Date,
): Promise<RepositoryFigures> {
  const at = now.toISOString();
  const unsettled = database
    .selectFrom("tasks")
    .where("repositoryId", "=", place.repositoryId)
    .where("settledAt", "is", null);
  const { starting, followed } = await unsettled
    .select((row) => [
      countIf(row.and([row("lane", "=", "start"), row("leaseUntil", ">=", at)])).as("starting"),
      countIf(
        row.and([row("state", "=", "in_progress"), row("sessionIntentAt", "is not", null)]),
      ).as("followed"),
    ])
    .executeTakeFirstOrThrow();
  const waiting = await selectWaiting(database, place.ownerId);
  return {
    running: followed + (await countUnseen(database, place, now)),
    starting,
    waitingForPlace: waiting.filter(({ repositoryId }) => repositoryId === place.repositoryId)
      .length,
    limits: await limitsUsed(database, place, { personId, waiting, now }),
    failures: await failuresIn(database, place, now),
  };
}

interface Counted {
  readonly personId: number;
  readonly waiting: readonly Waiter[];
  readonly now: Date;
}

/** What counts for the limits, as `beginStart` counts it: sessions that were asked for, and tasks in line. */
async function limitsUsed(
  database: Kysely<Schema>,
  { ownerId, repositoryId }: Place,
  { personId, waiting, now }: Counted,
): Promise<readonly LimitUse[]> {
  const scopes = [
    ["requester", { requesterId: personId }],
    ["repository", { repositoryId }],
    ["organization", {}],
  ] as const;
  const used: LimitUse[] = [];
  for (const [scope, own] of scopes) {
    const inLine = waiting.filter(isLike(own)).length;
    for (const per of ["hour", "day"] as const) {
      const started = database
        .selectFrom("tasks")
        .select("sessionIntentAt")
        .where((row) => row.and({ ownerId, ...own }))
        .where("sessionIntentAt", ">", ago(now, WINDOW_MS[per]))
        .limit(MAX_COUNTED)
        .as("started");
      const { count } = await database
        .selectFrom(started)
        .select((row) => row.fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
      used.push({ scope, per, used: Math.min(count + inLine, MAX_COUNTED) });
    }
  }
  return used;
}

function isLike({ requesterId, repositoryId }: Partial<Waiter>) {
  return (waiter: Waiter) =>
    (requesterId ?? waiter.requesterId) === waiter.requesterId &&
    (repositoryId ?? waiter.repositoryId) === waiter.repositoryId;
}

/** The newest failures, counted by code; the code of the latest comes first. */
async function failuresIn(
  database: Kysely<Schema>,
  { repositoryId }: Place,
  now: Date,
): Promise<readonly FailureCount[]> {
  const newest = await database
    .selectFrom("audit")
    .select(["at", "reason", "taskId"])
    .where("repositoryId", "=", repositoryId)
    .where("step", "=", sql.lit("failed"))
    .where("at", ">=", ago(now, FAILURES_MS))
    .orderBy("at", "desc")
    .limit(MAX_FAILURES)
    .execute();
  const byCode = Map.groupBy(newest, ({ reason }) => reason ?? "unknown");
  return [...byCode].map(([code, all]) => ({
    code,
    count: all.length,
    lastAt: all[0]?.at ?? "",
    lastTaskId: all[0]?.taskId ?? "",
  }));
}

export function ago(now: Date, ms: number): string {
  return new Date(now.getTime() - ms).toISOString();
}
