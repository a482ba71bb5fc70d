import type { Kysely } from "kysely";
import { newTask } from "../../src/core/task/new-task.ts";
import type { Task } from "../../src/core/task/task.ts";
import type { ReadableRepositories } from "../../src/ports/task-lists.ts";
import type { Schema } from "../../src/store/schema.ts";
import { columnsOf, newRow } from "../../src/store/task-row.ts";
import type { Layer } from "../core/task.ts";
import { changed } from "../core/task.ts";
import { commanded } from "./trigger.ts";

/** When the tasks of a test were created, in milliseconds after noon. */
export function afterNoon(ms: number): string {
  return new Date(Date.parse("2026-11-21T12:00:00.000Z") + ms).toISOString();
}

/** Repositories of octo-org with these ids, as their viewer can read them. */
export function readable(...ids: readonly number[]): ReadableRepositories {
  return ids.map((id) => ({ id, owner: "octo-org", name: NAMES[id] ?? "hello" }));
}

const NAMES: Readonly<Record<number, string>> = { 2: "other", 3: "hidden" };

let tasks = 0;

/** A task of the kind `triage`, as far as the layers say. */
export function listedTask(at: string, ...layers: readonly Layer[]): Task {
  tasks += 1;
  const id = `${tasks.toString(16).padStart(8, "0")}-cc78-11e3-81ab-4c9367dc0958`;
  const asked = newTask(commanded(tasks, { trigger: { deliveryId: id } }), id, at);
  return changed(asked, { decision: { kind: "triage" } }, ...layers);
}

/** Writes tasks as they are. */
export async function writeTasks(
  database: Kysely<Schema>,
  written: readonly Task[],
): Promise<void> {
  for (let start = 0; start < written.length; start += 50) {
    const rows = written
      .slice(start, start + 50)
      .map((task) => Object.assign(newRow(task), columnsOf(task)));
    await database.insertInto("tasks").values(rows).execute();
  }
}
