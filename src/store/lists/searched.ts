import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Schema } from "../schema.ts";
import { conditionsOf, LISTED } from "./conditions.ts";
import { isInside, tableOfIds } from "./ids.ts";
import type { ListPart, Positions } from "./page.ts";
import { after, findPositions, inOrder, POSITION } from "./page.ts";

/** Finds the first positions of a part that may be searched for by a repository's name or a task's id. */
export async function findSearched(database: Kysely<Schema>, part: ListPart): Promise<Positions> {
  const { idPrefix, repository, owner } = part.criteria;
  if (idPrefix !== undefined) return findById(database, part, idPrefix);
  if (repository === undefined) return findPositions(database, part);
  const repositoryIds = await namedRepositories(database, part.repositoryIds, {
    owner,
    repository,
  });
  return findPositions(database, { ...part, repositoryIds });
}

/** The repositories of this name, as the newest task of each has it. */
async function namedRepositories(
  database: Kysely<Schema>,
  repositoryIds: readonly number[],
  { owner, repository }: { readonly owner: string | undefined; readonly repository: string },
): Promise<readonly number[]> {
  const isOwners = owner === undefined ? sql`` : sql`and lower(tasks.owner) = ${owner}`;
  const { rows } = await sql<{ readonly repositoryId: number }>`
    with newest as materialized (
      select (
        select id from tasks where tasks.repository_id = ids.repository_id and ${LISTED}
        ${inOrder("older")} limit 1
      ) as id from ${tableOfIds(database, repositoryIds)} as ids
    )
    select tasks.repository_id from newest join tasks on tasks.id = newest.id
    where lower(tasks.repository) = ${repository} ${isOwners}`.execute(database);
  return rows.map(({ repositoryId }) => repositoryId);
}

/** Of all tasks whose ids begin so, at most so many are looked at: a million tasks have 15 for each. */
const MAX_OF_PREFIX = 1_000;

async function findById(
  database: Kysely<Schema>,
  { repositoryIds, criteria, from, direction, most }: ListPart,
  idPrefix: string,
): Promise<Positions> {
  const { indexed, others } = conditionsOf(criteria);
  const all = [
    isInside(database, repositoryIds),
    LISTED,
    ...(indexed === null ? [] : [indexed]),
    ...others,
    ...after(from, direction),
  ];
  // Ids have no characters but small letters, digits and hyphens.
  const { rows } = await sql<{ readonly position: string }>`
    select ${POSITION} as position from (
      select * from tasks where id >= ${idPrefix} and id < ${`${idPrefix}~`}
      order by id limit ${sql.lit(MAX_OF_PREFIX)}
    ) as tasks where ${sql.join(all, sql` and `)}
    ${inOrder(direction)} limit ${most}`.execute(database);
  const found = rows.map(({ position }) => position);
  return { found, to: found.length === most ? (found.at(-1) ?? null) : null };
}
