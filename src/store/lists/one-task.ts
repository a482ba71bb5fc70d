import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Task } from "../../core/task/task.ts";
import type { AuditedMoment, GivenCommand, ReadableRepositories } from "../../ports/task-lists.ts";
import type { KnownRepository } from "../../ports/viewing.ts";
import { ofToday } from "../audit.ts";
import { selectTask } from "../claims.ts";
import type { Schema } from "../schema.ts";
import { taskOf } from "../task-row.ts";

/** More steps than a task has. */
const MAX_MOMENTS = 1_000;
const MAX_COMMANDS = 100;

/** In which repository a task is, by the names of that time; null when there's no such task. */
export async function placeOfTask(
  database: Kysely<Schema>,
  id: string,
): Promise<KnownRepository | null> {
  const row = await database
    .selectFrom("tasks")
    .select(["repositoryId as id", "owner", "repository as name"])
    .where("id", "=", id)
    .executeTakeFirst();
  return row ?? null;
}

/** A task of these repositories; null when there's none. */
export async function findReadable(
  database: Kysely<Schema>,
  id: string,
  readable: ReadableRepositories,
): Promise<Task | null> {
  // The list isn't looked at in the database, so that the time doesn't show how long it is.
  const row = await selectTask(database, id);
  if (row === undefined) return null;
  return readable.some((repository) => repository.id === row.repositoryId) ? taskOf(row) : null;
}

/** The audit of a task, oldest first. That it was asked for isn't indexed, and is in the task as well. */
export async function momentsOf(
  database: Kysely<Schema>,
  taskId: string,
): Promise<readonly AuditedMoment[]> {
  const asked = await database
    .selectFrom("tasks")
    .select(["createdAt", "commandPlace"])
    .where("id", "=", taskId)
    .execute();
  const later = await database
    .selectFrom("audit")
    .select(["at", "step", "reason"])
    .where("taskId", "=", taskId)
    // Written out, as the index is.
    .where("step", "<>", sql.lit("asked"))
    .orderBy("id")
    .limit(MAX_MOMENTS)
    .execute();
  return [
    ...asked.map(({ createdAt, commandPlace }) => {
      const reason = commandPlace === "page" ? commandPlace : null;
      return { at: createdAt, step: "asked", reason } as const;
    }),
    ...later.map(ofToday),
  ];
}

/** The commands to a task, oldest first. */
export async function commandsTo(
  database: Kysely<Schema>,
  taskId: string,
): Promise<readonly GivenCommand[]> {
  const newest = await database
    .selectFrom("orders")
    .select([
      "id",
      "taskId",
      "type",
      "text",
      "requester",
      "place",
      "createdAt",
      "takenAt",
      "doneAt",
    ])
    .where("taskId", "=", taskId)
    .orderBy("createdAt", "desc")
    .limit(MAX_COMMANDS)
    .execute();
  return newest.toReversed();
}
