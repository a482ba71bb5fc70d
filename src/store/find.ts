import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Task, TaskChanges } from "../core/task.ts";
import type { Schema } from "./schema.ts";

type Thread = Pick<Task, "repositoryId" | "subjectNumber">;

/**
 * The task that a thread's command is about: the one whose id begins so, or the newest that a session
 * was asked for, or else the newest of all that start sessions. Null when there is none.
 */
export async function findInThread(
  database: Kysely<Schema>,
  thread: Thread,
  idPrefix: string | null,
): Promise<Task | null> {
  const ofThread = newestOf(database, thread);
  if (idPrefix !== null) {
    // Not `like`: what is written may have its wildcards, and SQLite's does not tell capitals apart.
    const start = sql<string>`substr(${sql.ref("id")}, 1, ${sql.lit(idPrefix.length)})`;
    return (await ofThread.where(start, "=", idPrefix).executeTakeFirst()) ?? null;
  }
  const withSession = await ofThread.where("sessionIntentAt", "is not", null).executeTakeFirst();
  return withSession ?? (await ofThread.executeTakeFirst()) ?? null;
}

/** The newest task of a thread that has a kind and is not settled; null when there is none. */
export async function findUnsettled(
  database: Kysely<Schema>,
  thread: Thread,
): Promise<Task | null> {
  const newest = newestOf(database, thread).where("settledAt", "is", null);
  return (await newest.executeTakeFirst()) ?? null;
}

/** The other tasks of a task's subject that are not settled, or have set a label that is still there. */
export function findBesides(
  database: Kysely<Schema>,
  { id, repositoryId, subjectNumber }: Task,
): Promise<Task[]> {
  return database
    .selectFrom("tasks")
    .selectAll()
    .where("repositoryId", "=", repositoryId)
    .where("subjectNumber", "=", subjectNumber)
    .where("id", "!=", id)
    .where((row) => row.or([row("settledAt", "is", null), row("shownLabel", "is not", null)]))
    .execute();
}

function newestOf(database: Kysely<Schema>, { repositoryId, subjectNumber }: Thread) {
  return database
    .selectFrom("tasks")
    .selectAll()
    .where("repositoryId", "=", repositoryId)
    .where("subjectNumber", "=", subjectNumber)
    .where("kind", "is not", null)
    .orderBy("createdAt", "desc")
    .limit(1);
}

/** Has a settled task whose session got its prompt moved again; null when it is not one. */
export async function reopen(
  database: Kysely<Schema>,
  id: string,
  changes: TaskChanges & Pick<Task, "updatedAt">,
): Promise<Task | null> {
  // Its label may have been set again since: another task has the key now.
  const reopened = await database
    .updateTable("tasks")
    .set({ ...changes, settledAt: null, subjectKey: null })
    .where("id", "=", id)
    .where("settledAt", "is not", null)
    // Of others nothing is left to follow: opened again they would begin anew.
    .where("promptDeliveredAt", "is not", null)
    .returningAll()
    .executeTakeFirst();
  return reopened ?? null;
}
