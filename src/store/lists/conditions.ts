import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { TaskState } from "../../core/task/task.ts";
import type { TaskCriteria } from "../../core/task/task-search.ts";
import type { TaskFilter } from "../../ports/task-lists.ts";

/** What is wanted of a task, all of it. */
export interface ListCriteria extends TaskCriteria {
  readonly state?: TaskState;
}

/** A condition on a row of the tasks. */
export type Condition = RawBuilder<boolean>;

/** Which tasks are listed: the indexes of the list hold only these, so that the insert of a task changes none of them. */
export const LISTED: Condition = sql`(kind is not null or denial_text is not null)`;

/**
 * The same, for the tasks of a thread. Written differently from the indexes of the list, so that none of them is used:
 * SQLite would look at all tasks of a repository in their order, instead of at the few of the thread.
 */
export const LISTED_OF_THREAD: Condition = sql`coalesce(kind, denial_text) is not null`;

/** What a filter and what's searched for want together; null where they contradict each other. */
export function bothCriteria(filter: TaskFilter, searched: TaskCriteria): ListCriteria | null {
  const { state, kind } = filter;
  const requester = filter.requester?.toLowerCase();
  if (contradict(kind, searched.kind) || contradict(requester, searched.requester)) return null;
  return {
    ...searched,
    ...(state === undefined ? {} : { state }),
    ...(kind === undefined ? {} : { kind }),
    ...(requester === undefined ? {} : { requester }),
  };
}

function contradict(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

/** What a row has to meet besides its repository. */
export interface RowConditions {
  /** The one that leaves only the tasks of a thread, in each repository; null where there's none. */
  readonly thread: Condition | null;
  /** Those with which an index begins. The one that usually leaves the fewest comes first. */
  readonly indexed: readonly Condition[];
}

export function conditionsOf(criteria: ListCriteria): RowConditions {
  const { subjectNumber, requester, state, kind } = criteria;
  const indexed: readonly (Condition | null)[] = [
    requester === undefined ? null : sql<boolean>`lower(requester) = ${requester}`,
    state === undefined ? null : sql<boolean>`state = ${state}`,
    kind === undefined ? null : sql<boolean>`kind = ${kind}`,
  ];
  return {
    thread: subjectNumber === undefined ? null : sql<boolean>`subject_number = ${subjectNumber}`,
    indexed: indexed.filter((one) => one !== null),
  };
}
