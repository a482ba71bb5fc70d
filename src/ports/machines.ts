import type { Machine } from "../core/worker/machine.ts";
import type { HostedTask } from "../core/worker/machines-reading.ts";
import type { TaskPlace } from "../core/task/task.ts";

/** The administrator's machines that run sessions, and what they have to do. Both reject when the database does. */
export interface Machines {
  /** Those that are there, and those that have been. */
  machines(): Promise<readonly Machine[]>;
  /** The tasks whose sessions are on them, or wait for one; of one repository or (null) of all. */
  hostedTasks(
    repository: Pick<TaskPlace, "owner" | "repository"> | null,
  ): Promise<readonly HostedTask[]>;
}
