import { createHash } from "node:crypto";
import type { Environment } from "../config/environment.ts";
import { taskIdOf } from "../store/task-id.ts";

export const now = (): Date => new Date();

/** In hexadecimal. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** How tasks are kept, whatever the database. */
export function taskOptions({ MAX_CONCURRENT_STARTS_PER_REPOSITORY }: Environment) {
  return { now, idOf: taskIdOf, mostStartsPerRepository: MAX_CONCURRENT_STARTS_PER_REPOSITORY };
}
