import type { Schedule } from "../../core/task/task.ts";

/** The columns of when a task is to be moved. */
export interface ScheduleColumns {
  readonly notBefore: string | null;
  readonly retries: number;
  readonly waitingSince: string | null;
  readonly atOnce: number | null;
  readonly connectBy: string | null;
}

export function scheduleColumns(schedule: Schedule): ScheduleColumns {
  const { notBefore, retries, waitingSince, atOnce, connectBy } = schedule;
  return { notBefore, retries, waitingSince, atOnce, connectBy };
}

export function scheduleOf(row: ScheduleColumns): Schedule {
  const { notBefore, retries, waitingSince, atOnce, connectBy } = row;
  return { notBefore, retries, waitingSince, atOnce, connectBy };
}
