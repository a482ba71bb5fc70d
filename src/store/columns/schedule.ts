import type { Schedule } from "../../core/task/task.ts";

/** The columns of when a task is to be moved. */
export interface ScheduleColumns {
  readonly notBefore: string | null;
  readonly retries: number;
  readonly waitingSince: string | null;
  readonly atOnce: number | null;
}

export function scheduleColumns(schedule: Schedule): ScheduleColumns {
  const { notBefore, retries, waitingSince, atOnce } = schedule;
  return { notBefore, retries, waitingSince, atOnce };
}

export function scheduleOf(row: ScheduleColumns): Schedule {
  const { notBefore, retries, waitingSince, atOnce } = row;
  return { notBefore, retries, waitingSince, atOnce };
}
