import type { Environment } from "../config/environment.ts";
import { taskIdOf } from "../store/task-id.ts";

export const now = (): Date => new Date();

/** How tasks are kept, whatever the database. */
export function taskOptions({ MAX_CONCURRENT_STARTS_PER_REPOSITORY }: Environment) {
  return { now, idOf: taskIdOf, mostStartsPerRepository: MAX_CONCURRENT_STARTS_PER_REPOSITORY };
}
