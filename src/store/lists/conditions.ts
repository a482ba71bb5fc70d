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

/** The conditions of a search in each repository. */
export interface RowConditions {
  /** The one that an index has between the repository and the time; null where there's none. */
  readonly indexed: Condition | null;
  /** The others: of a row that an index has found, they decide whether it's in the list. */
  readonly others: readonly Condition[];
}

/** The one that leaves the fewest tasks comes first. */
export function conditionsOf({
  subjectNumber,
  requester,
  state,
  kind,
}: ListCriteria): RowConditions {
  const all: readonly (Condition | null)[] = [
    subjectNumber === undefined ? null : sql<boolean>`subject_number = ${subjectNumber}`,
    requester === undefined ? null : sql<boolean>`lower(requester) = ${requester}`,
    state === undefined ? null : sql<boolean>`state = ${state}`,
    kind === undefined ? null : sql<boolean>`kind = ${kind}`,
  ];
  const [indexed = null, ...others] = all.filter((one) => one !== null);
  return { indexed, others };
}
