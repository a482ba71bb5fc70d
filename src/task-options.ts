import { randomUUID } from "node:crypto";
import type { Environment } from "./config/environment.ts";

export const now = (): Date => new Date();

/** How tasks are kept, whatever the database. */
export function taskOptions({ MAX_TASKS_PER_REPOSITORY }: Environment) {
  return { now, newId: () => randomUUID(), mostStartsPerRepository: MAX_TASKS_PER_REPOSITORY };
}
