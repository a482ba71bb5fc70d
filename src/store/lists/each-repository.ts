import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Schema } from "../schema.ts";
import type { Condition } from "./conditions.ts";
import { isInAny, tableOfIds } from "./ids.ts";
import type { ListPart, Positions } from "./part.ts";
import { allOf, fromPosition, inOrder, nearest, POSITION, toPosition } from "./part.ts";
import type { ListPosition } from "./position.ts";

/**
 * Finds the first positions of a part by the index of each repository. It gives each one's first task; only so many
 * repositories, and so many tasks of each, can have what comes first.
 *
 * @param inIndex the conditions that one index decides
 * @param others the other conditions: they're checked on what the index has found
 */
export async function findInEach(
  database: Kysely<Schema>,
  part: ListPart,
  inIndex: readonly Condition[],
  others: readonly Condition[],
): Promise<Positions> {
  const isDecided = others.length === 0;
  const mostRepositories = isDecided ? part.most : part.limits.maxRepositories;
  const firsts = await firstOfEach(database, part, inIndex, mostRepositories + 1);
  if (firsts.length === 0) return { found: [], to: null };
  const inside = firsts.slice(0, mostRepositories).map(({ repositoryId }) => repositoryId);
  const mostOfEach = isDecided
    ? part.most
    : Math.max(Math.floor(part.limits.maxLookedAt / inside.length), 1);
  const narrowed = { ...part, repositoryIds: inside };
  const last = await lastLookedAt(database, narrowed, inIndex, mostOfEach);
  const beyond = firsts[mostRepositories]?.position ?? null;
  const to = nearest([last, beyond], part.direction);
  // The first one beyond is itself up to there.
  const reached = { ...part, repositoryIds: firsts.map(({ repositoryId }) => repositoryId) };
  const found = await matches(database, reached, [...inIndex, ...others], to);
  return { found, to: found.length === part.most ? (found.at(-1) ?? null) : to };
}

interface FirstOfRepository {
  readonly repositoryId: number;
  readonly position: ListPosition;
}

/** Of each repository the first position that an index gives: the repositories whose first comes first. */
async function firstOfEach(
  database: Kysely<Schema>,
  part: ListPart,
  conditions: readonly Condition[],
  most: number,
): Promise<readonly FirstOfRepository[]> {
  const { repositoryIds, direction } = part;
  const { rows } = await sql<FirstOfRepository>`
    with firsts as materialized (
      select repository_id, (
        select ${POSITION} from tasks where tasks.repository_id = ids.repository_id
        and ${allOf([...conditions, ...fromPosition(part)])} ${inOrder(direction)} limit 1
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
  part: ListPart,
  conditions: readonly Condition[],
  mostOfEach: number,
): Promise<ListPosition | null> {
  const { repositoryIds, direction } = part;
  const nearestOf = sql.raw(direction === "older" ? "max" : "min");
  const { rows } = await sql<{ readonly position: ListPosition | null }>`
    select ${nearestOf}(position) as position from (
      select (
        select ${POSITION} from tasks where tasks.repository_id = ids.repository_id
        and ${allOf([...conditions, ...fromPosition(part)])} ${inOrder(direction)}
        limit 1 offset ${mostOfEach - 1}
      ) as position from ${tableOfIds(database, repositoryIds)} as ids
    ) as lasts`.execute(database);
  return rows[0]?.position ?? null;
}

/** What matches, up to and with a position. */
async function matches(
  database: Kysely<Schema>,
  part: ListPart,
  conditions: readonly Condition[],
  to: ListPosition | null,
): Promise<readonly ListPosition[]> {
  const { repositoryIds, direction, most } = part;
  const all = [
    isInAny(database, repositoryIds),
    ...conditions,
    ...fromPosition(part),
    ...toPosition(to, direction),
  ];
  const { rows } = await sql<{ readonly position: ListPosition }>`
    select ${POSITION} as position from tasks where ${allOf(all)}
    ${inOrder(direction)} limit ${most}`.execute(database);
  return rows.map(({ position }) => position);
}
