import type { PagePolicy } from "../core/page/steering.ts";
import type { Task } from "../core/task/task.ts";

/** The policies, as the pages of tasks need them: which buttons are somebody's. The gate reads its own. */
export interface PagePolicies {
  /** Of a task's repository, as of the last minute. It never rejects, and doesn't take long. */
  policyFor(task: Task): Promise<PagePolicy>;
}
