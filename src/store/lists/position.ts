import type { ListCursor } from "../../ports/task-lists.ts";

/**
 * Where a task is in the list, as `time id`. Times are all of the same length, so that positions are in the order of
 * time, and for one time in that of the ids.
 */
export type ListPosition = string;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u;
const ID = /^[\w-]{1,100}$/u;
const BETWEEN = " ";

export function positionParts(position: ListPosition): {
  readonly at: string;
  readonly id: string;
} {
  const [at = "", id = ""] = position.split(BETWEEN);
  return { at, id };
}

/** A cursor, as it's in a URL. */
export function listCursor(position: ListPosition): ListCursor {
  return position.replace(BETWEEN, "_");
}

/** Null for one that isn't readable. */
export function readListCursor(cursor: ListCursor | undefined): ListPosition | null {
  const [at = "", ...rest] = (cursor ?? "").split("_");
  const id = rest.join("_");
  return TIME.test(at) && ID.test(id) ? `${at}${BETWEEN}${id}` : null;
}
