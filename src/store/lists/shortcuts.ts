import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Schema } from "../schema.ts";
import type { Condition } from "./conditions.ts";
import { LISTED } from "./conditions.ts";
import { isInside } from "./ids.ts";
import type { ListLimits, ListPart, Positions } from "./part.ts";
import { allFound, allOf, fromPosition, inOrder, POSITION } from "./part.ts";
import type { ListPosition } from "./position.ts";

/** Whether few tasks meet a condition that an index begins with. */
export async function isRare(
  database: Kysely<Schema>,
  condition: Condition,
  { fewTasks }: ListLimits,
): Promise<boolean> {
  const { rows } = await sql<{ readonly count: number }>`
    select count(*) as count from (
      select 1 from tasks where ${condition} and ${LISTED} limit ${fewTasks + 1}
    ) as few`.execute(database);
  return (rows[0]?.count ?? 0) <= fewTasks;
}

/** Finds the first positions of a part by looking at all tasks that meet a condition that few tasks meet. */
export async function findRare(
  database: Kysely<Schema>,
  part: ListPart,
  rare: Condition,
  others: readonly Condition[],
): Promise<Positions> {
  const { repositoryIds, direction, most, limits } = part;
  const all = [isInside(database, repositoryIds), ...others, ...fromPosition(part)];
  const { rows } = await sql<{ readonly position: ListPosition }>`
    select ${POSITION} as position from (
      select * from tasks where ${rare} and ${LISTED} limit ${limits.fewTasks + 1}
    ) as few where ${allOf(all)} ${inOrder(direction)} limit ${most}`.execute(database);
  return allFound(
    rows.map(({ position }) => position),
    part,
  );
}

/**
 * Finds the first positions of a part among the first tasks of all repositories: who can read many of them can usually
 * read these. Null where there are too few.
 */
export async function findAmongFirst(
  database: Kysely<Schema>,
  part: ListPart,
  conditions: readonly Condition[],
): Promise<Positions | null> {
  const { repositoryIds, direction, most, limits } = part;
  const { rows } = await sql<{ readonly position: ListPosition | null; readonly seen: number }>`
    with firsts as materialized (
      select created_at, id, repository_id, (${allOf(conditions)}) as is_wanted from tasks
      where ${allOf([LISTED, ...fromPosition(part)])} ${inOrder(direction)}
      limit ${limits.fewTasks}
    )
    select found.position, seen.count as seen
    from (select count(*) as count from firsts) as seen left join (
      select ${POSITION} as position from firsts
      where is_wanted and ${isInside(database, repositoryIds)} ${inOrder(direction)} limit ${most}
    ) as found on true`.execute(database);
  const oldestFirst = rows
    .map(({ position }) => position)
    .filter((position) => position !== null)
    .toSorted();
  const found = direction === "older" ? oldestFirst.toReversed() : oldestFirst;
  const isAll = (rows[0]?.seen ?? 0) < limits.fewTasks;
  return isAll || found.length === most ? allFound(found, part) : null;
}
