import type { Denied } from "../../core/access/stranger.ts";
import { REFUSALS_MS } from "../../core/access/stranger.ts";
import type { Task } from "../../core/task/task.ts";
import type { Ports } from "../../ports/ports.ts";

/** What was refused in a task's repository in the last hour, without the task itself. */
export function refusalsBefore(
  { tasks, now }: Pick<Ports, "tasks" | "now">,
  task: Task,
): Promise<readonly Denied[]> {
  const since = new Date(now().getTime() - REFUSALS_MS).toISOString();
  return tasks.refusals(task, since);
}
