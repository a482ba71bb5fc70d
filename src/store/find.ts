import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Denied } from "../core/access/stranger.ts";
import type { NewestTasks } from "../core/task/meant-task.ts";
import type { Task, ThreadKey } from "../core/task/task.ts";
import type { Reopening } from "../core/task/transitions/following.ts";
import { reopened } from "../core/task/transitions/following.ts";
import type { TaskOrigin, ThreadTasks } from "../ports/tasks.ts";
import { isFree, selectTask } from "./claims.ts";
import type { Schema } from "./schema.ts";
import { storable } from "./storable.ts";
import { changedColumns, taskOf } from "./task-row.ts";

/** The tasks of threads in an open, migrated database. */
export function createThreadTasks(database: Kysely<Schema>): ThreadTasks {
  return {
    newest: (thread) => findNewest(database, thread),
    findNamed: (thread, idPrefix) => findNamed(database, thread, idPrefix),
    list: async (thread) =>
      (await newestOf(database, thread).limit(MAX_LISTED).execute()).map(taskOf),
    siblingTasks: (task) => findSiblings(database, task),
    refusals: (task, since) => findRefusals(database, task, since),
  };
}

async function findNewest(database: Kysely<Schema>, thread: ThreadKey): Promise<NewestTasks> {
  const ofAll = newestOf(database, thread).limit(1);
  const unsettled = ofAll.where("settledAt", "is", null);
  const wanted = [
    ofAll,
    ofAll.where("sessionIntentAt", "is not", null),
    unsettled,
    unsettled.where("sessionIntentAt", "is not", null),
  ] as const;
  const rows = await Promise.all(wanted.map((query) => query.executeTakeFirst()));
  const [first = null, withSession = null, open = null, openWithSession = null] = rows.map((row) =>
    row === undefined ? null : taskOf(row),
  );
  return { ofAll: first, withSession, unsettled: open, unsettledWithSession: openWithSession };
}

/** As many as make a name ambiguous. */
const MAX_NAMED = 10;

async function findNamed(
  database: Kysely<Schema>,
  thread: ThreadKey,
  idPrefix: string,
): Promise<Task[]> {
  // Not `like`: what is written may have its wildcards, and SQLite's ignores case.
  const start = sql<string>`substr(${sql.ref("id")}, 1, ${sql.lit(idPrefix.length)})`;
  const named = tasksOf(database, thread).where(start, "=", idPrefix);
  return (await named.limit(MAX_NAMED).execute()).map(taskOf);
}

/** As many as a list of a thread's tasks shows. */
const MAX_LISTED = 10;

async function findSiblings(
  database: Kysely<Schema>,
  { id, place, subject }: Task,
): Promise<Task[]> {
  const rows = await database
    .selectFrom("tasks")
    .selectAll()
    .where("repositoryId", "=", place.repositoryId)
    .where("subjectNumber", "=", subject.number)
    .where("id", "!=", id)
    .where((row) => row.or([row("settledAt", "is", null), row("shownLabel", "is not", null)]))
    .execute();
  return rows.map(taskOf);
}

/** More of them change nothing. */
const MAX_REFUSALS = 200;

/** The other refusals in a task's repository since then. */
async function findRefusals(
  database: Kysely<Schema>,
  { id, place }: Task,
  since: string,
): Promise<Denied[]> {
  const rows = await database
    .selectFrom("tasks")
    .select(["requesterId", "denialText"])
    .where("repositoryId", "=", place.repositoryId)
    .where("denial", "is not", null)
    .where("createdAt", ">", since)
    .where("id", "!=", id)
    .orderBy("createdAt", "desc")
    .limit(MAX_REFUSALS)
    .execute();
  return rows.map(({ requesterId, denialText }) => ({ requesterId, silent: denialText === null }));
}

/** Unsettled tasks whose time has come and which nobody moves, oldest first. */
export function findWaiting(
  database: Kysely<Schema>,
  now: Date,
  untouchedMs: number,
): Promise<TaskOrigin[]> {
  const at = now.toISOString();
  // A queued task is processed when there may be a place for it.
  return database
    .selectFrom("tasks")
    .select(["id", "ownerId", "requesterId"])
    .where("settledAt", "is", null)
    .where("waitingSince", "is", null)
    .where("updatedAt", "<=", new Date(now.getTime() - untouchedMs).toISOString())
    .where(isFree(at))
    .where((row) => row.or([row("notBefore", "is", null), row("notBefore", "<=", at)]))
    .orderBy("createdAt")
    .execute();
}

function newestOf(database: Kysely<Schema>, thread: ThreadKey) {
  return tasksOf(database, thread).where("kind", "is not", null);
}

function tasksOf(database: Kysely<Schema>, { repositoryId, subjectNumber }: ThreadKey) {
  return database
    .selectFrom("tasks")
    .selectAll()
    .where("repositoryId", "=", repositoryId)
    .where("subjectNumber", "=", subjectNumber)
    .orderBy("createdAt", "desc");
}

/** Has a settled task whose session got its prompt moved again; null when it is not one. */
export async function reopen(
  database: Kysely<Schema>,
  id: string,
  reopening: Reopening,
  updatedAt: string,
): Promise<Task | null> {
  const found = await selectTask(database, id);
  if (found === undefined || found.settledAt === null) return null;
  const settled = taskOf(found);
  const changes = storable(changedColumns(settled, reopened(settled, reopening)));
  const row = await database
    .updateTable("tasks")
    // Its label may have been re-added since: another task has the key now.
    .set({ ...changes, subjectKey: null, updatedAt })
    .where("id", "=", id)
    .where("settledAt", "is not", null)
    // Others have nothing left to follow: if reopened, they would start over.
    .where("promptDeliveredAt", "is not", null)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : taskOf(row);
}
