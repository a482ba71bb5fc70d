import type { Kysely, RawBuilder } from "kysely";
import { sql } from "kysely";
import type { Schema } from "../schema.ts";
import type { Condition, ListCriteria } from "./conditions.ts";
import { conditionsOf, LISTED } from "./conditions.ts";
import { isInside, tableOfIds } from "./ids.ts";
import type { ListPosition } from "./position.ts";
import { positionParts } from "./position.ts";

/** Which way a list is read. */
export type Direction = "older" | "newer";

/** A part of the list. */
export interface ListPart {
  readonly repositoryIds: readonly number[];
  readonly criteria: ListCriteria;
  /** Only what comes after it in this direction; null for all. */
  readonly from: ListPosition | null;
  readonly direction: Direction;
  /** The most positions that are wanted. */
  readonly most: number;
  /** The most tasks that are looked at where an index alone doesn't decide. */
  readonly maxLookedAt: number;
}

/** The first positions of a part, in its direction. */
export interface Positions {
  readonly found: readonly ListPosition[];
  /** Up to and with this one, all that match are found; null when there are no more. */
  readonly to: ListPosition | null;
}

/** Where an index alone doesn't decide, tasks of at most so many repositories are looked at. */
const MAX_REPOSITORIES = 200;

/**
 * Finds the first positions of a part, with work that doesn't grow with the number of tasks: of each repository, an
 * index gives its first task, and only so many repositories, and so many tasks of each, can have what comes first.
 */
export async function findPositions(database: Kysely<Schema>, part: ListPart): Promise<Positions> {
  const { indexed, others } = conditionsOf(part.criteria);
  const inIndex = indexed === null ? [LISTED] : [LISTED, indexed];
  const isDecided = others.length === 0;
  const mostRepositories = isDecided ? part.most : MAX_REPOSITORIES;
  const firsts = await firstOfEach(database, part, inIndex, mostRepositories + 1);
  if (firsts.length === 0) return { found: [], to: null };
  const inside = firsts.slice(0, mostRepositories).map(({ repositoryId }) => repositoryId);
  const mostOfEach = isDecided
    ? part.most
    : Math.max(Math.floor(part.maxLookedAt / inside.length), 1);
  const range = { ...part, repositoryIds: inside };
  const last = await lastLookedAt(database, range, inIndex, mostOfEach);
  const beyond = firsts[mostRepositories]?.position ?? null;
  const to = nearest([last, beyond], part.direction);
  const found = await matches(database, range, [...inIndex, ...others], to);
  return { found, to: found.length === part.most ? (found.at(-1) ?? null) : to };
}

/** The one that comes first in this direction. */
export function nearest(
  positions: readonly (ListPosition | null)[],
  direction: Direction,
): ListPosition | null {
  const known = positions.filter((one) => one !== null).toSorted();
  return (direction === "older" ? known.at(-1) : known[0]) ?? null;
}

interface FirstOfRepository {
  readonly repositoryId: number;
  readonly position: ListPosition;
}

export const POSITION = sql<ListPosition>`created_at || ' ' || id`;

export function inOrder(direction: Direction): RawBuilder<unknown> {
  return direction === "older"
    ? sql`order by created_at desc, id desc`
    : sql`order by created_at, id`;
}

/** Of each repository the first position that an index gives: the repositories whose first comes first. */
async function firstOfEach(
  database: Kysely<Schema>,
  { repositoryIds, from, direction }: ListPart,
  conditions: readonly Condition[],
  most: number,
): Promise<readonly FirstOfRepository[]> {
  const where = sql.join([...conditions, ...after(from, direction)], sql` and `);
  const { rows } = await sql<FirstOfRepository>`
    with firsts as materialized (
      select repository_id, (
        select ${POSITION} from tasks
        where tasks.repository_id = ids.repository_id and ${where} ${inOrder(direction)} limit 1
      ) as position from ${tableOfIds(database, repositoryIds)} as ids
    )
    select repository_id, position from firsts where position is not null
    order by position ${sql.raw(direction === "older" ? "desc" : "asc")} limit ${most}`.execute(
    database,
  );
  return rows;
}

/** The position up to which no repository has more than so many tasks; null when none has as many. */
async function lastLookedAt(
  database: Kysely<Schema>,
  { repositoryIds, from, direction }: ListPart,
  conditions: readonly Condition[],
  mostOfEach: number,
): Promise<ListPosition | null> {
  const where = sql.join([...conditions, ...after(from, direction)], sql` and `);
  const nearestOf = sql.raw(direction === "older" ? "max" : "min");
  const { rows } = await sql<{ readonly position: ListPosition | null }>`
    select ${nearestOf}(position) as position from (
      select (
        select ${POSITION} from tasks
        where tasks.repository_id = ids.repository_id and ${where} ${inOrder(direction)}
        limit 1 offset ${mostOfEach - 1}
      ) as position from ${tableOfIds(database, repositoryIds)} as ids
    ) as lasts`.execute(database);
  return rows[0]?.position ?? null;
}

/** What matches, up to and with a position. */
async function matches(
  database: Kysely<Schema>,
  { repositoryIds, from, direction, most }: ListPart,
  conditions: readonly Condition[],
  to: ListPosition | null,
): Promise<readonly ListPosition[]> {
  const all = [
    isInside(database, repositoryIds),
    ...conditions,
    ...after(from, direction),
    ...upTo(to, direction),
  ];
  const { rows } = await sql<{ readonly position: ListPosition }>`
    select ${POSITION} as position from tasks where ${sql.join(all, sql` and `)}
    ${inOrder(direction)} limit ${most}`.execute(database);
  return rows.map(({ position }) => position);
}

/** What comes after a position in this direction. */
export function after(from: ListPosition | null, direction: Direction): readonly Condition[] {
  if (from === null) return [];
  const { at, id } = positionParts(from);
  return [
    direction === "older"
      ? sql`(created_at, id) < (${at}, ${id})`
      : sql`(created_at, id) > (${at}, ${id})`,
  ];
}

function upTo(to: ListPosition | null, direction: Direction): readonly Condition[] {
  if (to === null) return [];
  const { at, id } = positionParts(to);
  return [
    direction === "older"
      ? sql`(created_at, id) >= (${at}, ${id})`
      : sql`(created_at, id) <= (${at}, ${id})`,
  ];
}
