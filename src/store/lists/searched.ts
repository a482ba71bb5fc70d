import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Schema } from "../schema.ts";
import { conditionsOf, LISTED } from "./conditions.ts";
import { isInside } from "./ids.ts";
import { findPositions } from "./page.ts";
import type { ListPart, Positions } from "./part.ts";
import { allFound, allOf, fromPosition, inOrder, POSITION } from "./part.ts";

/** Finds the first positions of a part that may be searched for by a task's id. */
export async function findSearched(database: Kysely<Schema>, part: ListPart): Promise<Positions> {
  if (part.repositoryIds.length === 0) return { found: [], to: null };
  const { idPrefix } = part.criteria;
  return idPrefix === undefined
    ? findPositions(database, part)
    : findById(database, part, idPrefix);
}

/** Of all tasks whose ids begin so, at most so many are looked at: a million tasks have 15 for each. */
const MAX_OF_PREFIX = 1_000;

async function findById(
  database: Kysely<Schema>,
  part: ListPart,
  idPrefix: string,
): Promise<Positions> {
  const { repositoryIds, criteria, direction, most } = part;
  const { thread, indexed } = conditionsOf(criteria);
  const all = [
    sql<boolean>`substr(id, 1, ${sql.lit(idPrefix.length)}) = ${idPrefix}`,
    isInside(database, repositoryIds),
    LISTED,
    ...(thread === null ? [] : [thread]),
    ...indexed,
    ...fromPosition(part),
  ];
  // Ids have no characters but hexadecimal digits and hyphens. In any collation, these come before "z"; in most, "~" comes
  // before them.
  const { rows } = await sql<{ readonly position: string }>`
    select ${POSITION} as position from (
      select * from tasks where id >= ${idPrefix} and id < ${`${idPrefix}z`}
      order by id limit ${sql.lit(MAX_OF_PREFIX)}
    ) as few where ${allOf(all)} ${inOrder(direction)} limit ${most}`.execute(database);
  return allFound(
    rows.map(({ position }) => position),
    part,
  );
}
