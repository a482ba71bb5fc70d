import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Task } from "../core/task/task.ts";
import type { ReadableRepositories, TaskLists } from "../ports/task-lists.ts";
import { changesSince } from "./lists/changes.ts";
import { isInside } from "./lists/ids.ts";
import { listPage } from "./lists/list.ts";
import { commandsTo, findReadable, momentsOf, placeOfTask } from "./lists/one-task.ts";
import { overviewOf } from "./lists/overview.ts";
import { LIST_LIMITS } from "./lists/part.ts";
import { ago, repositoryFigures } from "./lists/repository-figures.ts";
import type { Schema } from "./schema.ts";
import { taskOf } from "./task-row.ts";

/** The lists of tasks in an open, migrated database. */
export function createTaskLists(
  database: Kysely<Schema>,
  now: () => Date,
  limits = LIST_LIMITS,
): TaskLists {
  return {
    page: (request) => listPage(database, request, limits),
    waitingFor: (personId, readable) =>
      findWaitingFor(database, { personId, readable, now: now() }),
    whereIs: (id) => placeOfTask(database, id),
    find: (id, readable) => findReadable(database, id, readable),
    audit: (taskId) => momentsOf(database, taskId),
    commands: (taskId) => commandsTo(database, taskId),
    changes: (since) => changesSince(database, since),
    repository: (place, personId) => repositoryFigures(database, place, personId, now()),
    overview: () => overviewOf(database, now()),
  };
}

const MAX_WAITING = 20;
/** Of a person's tasks that wait, at most so many are looked at. */
const MAX_LOOKED_AT = 500;
/** Nobody knows whether a session still waits that the bot stopped following longer ago, in milliseconds. */
const UNFOLLOWED_MS = 7 * 86_400_000;

interface WaitingFor {
  readonly personId: number;
  readonly readable: ReadableRepositories;
  readonly now: Date;
}

async function findWaitingFor(
  database: Kysely<Schema>,
  { personId, readable, now }: WaitingFor,
): Promise<readonly Task[]> {
  const newest = database
    .selectFrom("tasks")
    .selectAll()
    .where("requesterId", "=", personId)
    .where("state", "=", sql.lit("waiting_for_user"))
    .orderBy("createdAt", "desc")
    .limit(MAX_LOOKED_AT)
    .as("newest");
  const rows = await database
    .selectFrom(newest)
    .selectAll()
    .where((row) =>
      row.or([row("settledAt", "is", null), row("settledAt", ">", ago(now, UNFOLLOWED_MS))]),
    )
    .where(
      isInside(
        database,
        readable.map(({ id }) => id),
      ),
    )
    .orderBy("createdAt", "desc")
    .limit(MAX_WAITING)
    .execute();
  return rows.map(taskOf);
}
