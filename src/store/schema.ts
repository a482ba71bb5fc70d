import type { Task } from "../core/task.ts";

/** The tables. A task's columns are its fields. */
export interface Schema {
  tasks: Task;
}
