import { endsHold, holdOf } from "../core/task/label-hold.ts";
import type { Lane, Task, TaskState } from "../core/task/task.ts";
import type { AskedColumns } from "./columns/asked.ts";
import { askedColumns, askedOf, webhookColumns } from "./columns/asked.ts";
import type { DecisionColumns } from "./columns/decision.ts";
import { decisionColumns, decisionOf } from "./columns/decision.ts";
import type { OutcomeColumns } from "./columns/outcome.ts";
import { outcomeColumns, outcomeOf } from "./columns/outcome.ts";
import type { ScheduleColumns } from "./columns/schedule.ts";
import { scheduleColumns, scheduleOf } from "./columns/schedule.ts";
import type { SessionColumns } from "./columns/session.ts";
import { linkColumns, sessionColumns, sessionOf } from "./columns/session.ts";
import type { ShownColumns } from "./columns/shown.ts";
import { checkRunColumns, refusedColumns, shownColumns, shownOf } from "./columns/shown.ts";

/** The columns that no change of a task writes: its key, the claim, the times, and the hold of a label. */
interface StoreColumns {
  readonly id: string;
  readonly attempt: number;
  readonly leaseUntil: string | null;
  readonly lane: Lane | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** While the label may not ask again: unique among the tasks that are not settled. */
  readonly subjectKey: string | null;
}

/** The columns that changes of a task write. */
interface TaskColumns
  extends
    ScheduleColumns,
    AskedColumns,
    DecisionColumns,
    SessionColumns,
    ShownColumns,
    OutcomeColumns {
  readonly state: TaskState;
  readonly settledAt: string | null;
}

/** A row of the table of tasks: its columns, as the migrations made them. */
export interface TaskRow extends StoreColumns, TaskColumns {}

/** The task that a row keeps. */
export function taskOf(row: TaskRow): Task {
  const { id, state, attempt, createdAt, updatedAt, settledAt } = row;
  return {
    id,
    state,
    attempt,
    createdAt,
    updatedAt,
    settledAt,
    lease: row.leaseUntil === null ? null : { until: row.leaseUntil, lane: row.lane ?? "receive" },
    schedule: scheduleOf(row),
    ...askedOf(row),
    decision: decisionOf(row),
    session: sessionOf(row),
    shown: shownOf(row),
    outcome: outcomeOf(row),
  };
}

/** What a task is written as at first: what its trigger says, and when that was. The other columns are null. */
export function newRow(task: Task) {
  const { id, state, attempt, createdAt, updatedAt, schedule } = task;
  const times = { createdAt, updatedAt };
  const row = { id, state, attempt, retries: schedule.retries, ...times, ...webhookColumns(task) };
  return { ...row, subjectKey: holdOf(task) };
}

/** What a task is written as later. */
export function columnsOf(task: Task): TaskColumns {
  const { state, settledAt } = task;
  return {
    state,
    settledAt,
    ...scheduleColumns(task.schedule),
    ...askedColumns(task),
    ...decisionColumns(task.decision),
    ...sessionColumns(task.session),
    ...shownColumns(task.shown),
    ...outcomeColumns(task.outcome),
  };
}

/** The columns whose values a change of a task has changed. */
export function changedColumns(before: Task, after: Task): Partial<TaskRow> {
  return {
    ...differing(columnsOf(before), columnsOf(after)),
    // These are written whole: whoever has the claim may hold the task as it was some writes ago, and old rows may
    // have several outcomes.
    ...wholeIfChanged(outcomeColumns(before.outcome), outcomeColumns(after.outcome)),
    ...wholeIfChanged(refusedColumns(before.shown), refusedColumns(after.shown)),
    ...wholeIfChanged(linkColumns(before.session), linkColumns(after.session)),
    ...wholeIfChanged(checkRunColumns(before.shown), checkRunColumns(after.shown)),
    ...(endsHold(before, after) ? { subjectKey: null } : {}),
  };
}

function wholeIfChanged<Columns extends object>(before: Columns, after: Columns): Partial<Columns> {
  return Object.keys(differing(before, after)).length === 0 ? {} : after;
}

function differing<Columns extends object>(before: Columns, after: Columns): Partial<Columns> {
  const old = new Map<string, unknown>(Object.entries(before));
  const changed: Partial<Columns> = {};
  for (const name in after) if (old.get(name) !== after[name]) changed[name] = after[name];
  return changed;
}
