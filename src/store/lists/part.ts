import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { Condition, ListCriteria } from "./conditions.ts";
import type { ListPosition } from "./position.ts";
import { positionParts } from "./position.ts";

/** Which way a list is read. */
export type Direction = "older" | "newer";

/** How much work is done for a page. */
export interface ListLimits {
  /** To look into the index of each of so many repositories takes a moment: then there may be a shorter way. */
  readonly manyRepositories: number;
  /** To look at so many tasks takes less than that. */
  readonly fewTasks: number;
  /** The most tasks that are looked at where an index alone doesn't decide. */
  readonly maxLookedAt: number;
  /** And of how many repositories. */
  readonly maxRepositories: number;
}

export const LIST_LIMITS: ListLimits = {
  manyRepositories: 100,
  fewTasks: 2_000,
  maxLookedAt: 5_000,
  maxRepositories: 200,
};

/** A part of the list. */
export interface ListPart {
  readonly repositoryIds: readonly number[];
  readonly criteria: ListCriteria;
  /** Only what comes after it in this direction; null for all. */
  readonly from: ListPosition | null;
  readonly direction: Direction;
  /** The most positions that are wanted. */
  readonly most: number;
  readonly limits: ListLimits;
}

/** The first positions of a part, in its direction. */
export interface Positions {
  readonly found: readonly ListPosition[];
  /** Up to and with this one, all that match are found; null when there are no more. */
  readonly to: ListPosition | null;
}

/** What was found where everything was looked at, as far as more positions aren't wanted. */
export function allFound(
  found: readonly ListPosition[],
  { most }: Pick<ListPart, "most">,
): Positions {
  return { found, to: found.length === most ? (found.at(-1) ?? null) : null };
}

/** The one that comes first in this direction. */
export function nearest(
  positions: readonly (ListPosition | null)[],
  direction: Direction,
): ListPosition | null {
  const known = positions.filter((one) => one !== null).toSorted();
  return (direction === "older" ? known.at(-1) : known[0]) ?? null;
}

/** The position of a row. */
export const POSITION = sql<ListPosition>`created_at || ' ' || id`;

export function inOrder(direction: Direction): RawBuilder<unknown> {
  return direction === "older"
    ? sql`order by created_at desc, id desc`
    : sql`order by created_at, id`;
}

/** What comes after the part's beginning, in its direction. */
export function fromPosition({
  from,
  direction,
}: Pick<ListPart, "from" | "direction">): readonly Condition[] {
  if (from === null) return [];
  const { at, id } = positionParts(from);
  return [
    direction === "older"
      ? sql`(created_at, id) < (${at}, ${id})`
      : sql`(created_at, id) > (${at}, ${id})`,
  ];
}

/** What comes up to and with a position. */
export function toPosition(to: ListPosition | null, direction: Direction): readonly Condition[] {
  if (to === null) return [];
  const { at, id } = positionParts(to);
  return [
    direction === "older"
      ? sql`(created_at, id) >= (${at}, ${id})`
      : sql`(created_at, id) <= (${at}, ${id})`,
  ];
}

export function allOf(conditions: readonly Condition[]): RawBuilder<boolean> {
  return conditions.length === 0 ? sql`1 = 1` : sql`${sql.join(conditions, sql` and `)}`;
}
