import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";
import { conditionsOf, LISTED, LISTED_OF_THREAD } from "./conditions.ts";
import { findInEach } from "./each-repository.ts";
import type { ListPart, Positions } from "./part.ts";
import { findAmongFirst, findRare, isRare } from "./shortcuts.ts";

/** Finds the first positions of a part, with work that doesn't grow with the number of tasks. */
export async function findPositions(database: Kysely<Schema>, part: ListPart): Promise<Positions> {
  const { thread, indexed } = conditionsOf(part.criteria);
  if (thread !== null) return findInEach(database, part, [LISTED_OF_THREAD, thread], indexed);
  const isWide = part.repositoryIds.length > part.limits.manyRepositories;
  if (isWide || indexed.length > 1) {
    for (const condition of indexed) {
      const others = indexed.filter((one) => one !== condition);
      if (await isRare(database, condition, part.limits))
        return findRare(database, part, condition, others);
    }
  }
  const soon = isWide ? await findAmongFirst(database, part, indexed) : null;
  // One index decides the first of them.
  const [first, others] = [indexed.slice(0, 1), indexed.slice(1)];
  return soon ?? findInEach(database, part, [LISTED, ...first], others);
}
