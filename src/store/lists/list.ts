import type { Kysely } from "kysely";
import { readTaskSearch } from "../../core/task/task-search.ts";
import type { Task } from "../../core/task/task.ts";
import type {
  ReadableRepositories,
  TaskFilter,
  TaskListPage,
  TaskListRequest,
} from "../../ports/task-lists.ts";
import type { Schema } from "../schema.ts";
import { taskOf } from "../task-row.ts";
import type { ListCriteria } from "./conditions.ts";
import { bothCriteria } from "./conditions.ts";
import type { Direction, ListLimits, ListPart, Positions } from "./part.ts";
import { nearest } from "./part.ts";
import type { ListPosition } from "./position.ts";
import { listCursor, positionParts, readListCursor } from "./position.ts";
import { findSearched } from "./searched.ts";

const MAX_TASKS = 100;

/** How often one page continues where so many tasks were looked at that too few matched. */
const MAX_ROUNDS = 3;

/** A page of the list. */
export async function listPage(
  database: Kysely<Schema>,
  { readable, filter, before, after, limit }: TaskListRequest,
  limits: ListLimits,
): Promise<TaskListPage> {
  const list = {
    database,
    readable: inFilter(readable, filter),
    wanted: wantedBy(filter),
    limit: Math.min(Math.max(limit, 1), MAX_TASKS),
    limits,
  };
  const older = readListCursor(before);
  const newer = older === null ? readListCursor(after) : null;
  if (newer !== null) return pageAbove(list, newer);
  return pageBelow(list, older);
}

async function pageBelow(list: List, begin: ListPosition | null): Promise<TaskListPage> {
  const { positions, next } = await collect(list, begin, "older");
  return {
    tasks: await tasksAt(list.database, positions),
    newer: begin === null ? null : listCursor(positions[0] ?? begin),
    older: next === null ? null : listCursor(next),
  };
}

/** With fewer than a page above, the first page is what's wanted, if it comes as far as what was found. */
async function pageAbove(list: List, begin: ListPosition): Promise<TaskListPage> {
  const { positions, next } = await collect(list, begin, "newer");
  const tasks = await tasksAt(list.database, positions);
  if (next === null) {
    const first = await pageBelow(list, null);
    const shown = new Set(first.tasks.map(({ id }) => id));
    if (tasks.every(({ id }) => shown.has(id))) return first;
  }
  return {
    tasks,
    newer: listCursor(next ?? positions.at(-1) ?? begin),
    older: listCursor(positions[0] ?? begin),
  };
}

interface List {
  readonly database: Kysely<Schema>;
  readonly readable: ReadableRepositories;
  /** What is looked for: one of these. */
  readonly wanted: readonly ListCriteria[];
  readonly limit: number;
  readonly limits: ListLimits;
}

function inFilter(
  readable: ReadableRepositories,
  { repositoryId }: TaskFilter,
): ReadableRepositories {
  return repositoryId === undefined ? readable : readable.filter(({ id }) => id === repositoryId);
}

/** The ids of the repositories that are searched for by their name; of all where they aren't. */
function idsOf(
  readable: ReadableRepositories,
  { owner, repository }: ListCriteria,
): readonly number[] {
  const named = readable.filter(
    (one) =>
      (repository ?? one.name.toLowerCase()) === one.name.toLowerCase() &&
      (owner ?? one.owner.toLowerCase()) === one.owner.toLowerCase(),
  );
  return [...new Set(named.map(({ id }) => id))];
}

function wantedBy(filter: TaskFilter): readonly ListCriteria[] {
  const { search = "" } = filter;
  const searched = search.trim() === "" ? [{}] : readTaskSearch(search);
  return searched.map((one) => bothCriteria(filter, one)).filter((one) => one !== null);
}

/** The positions of a page, and where the next one begins, in this direction; null where there is none. */
async function collect(
  list: List,
  begin: ListPosition | null,
  direction: Direction,
): Promise<{ readonly positions: readonly ListPosition[]; readonly next: ListPosition | null }> {
  const positions: ListPosition[] = [];
  let from = begin;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const most = list.limit - positions.length + 1;
    const { found, to } = await findAny(list, { from, direction, most });
    if (found.length === most) {
      positions.push(...found.slice(0, -1));
      return { positions, next: positions.at(-1) ?? null };
    }
    positions.push(...found);
    from = to;
    if (from === null) break;
  }
  return { positions, next: from };
}

/** The first positions of all that is looked for. */
async function findAny(
  { database, readable, wanted, limits }: List,
  part: Pick<ListPart, "from" | "direction" | "most">,
): Promise<Positions> {
  const each: Positions[] = [];
  for (const criteria of wanted) {
    const repositoryIds = idsOf(readable, criteria);
    each.push(await findSearched(database, { ...part, repositoryIds, criteria, limits }));
  }
  const to = nearest(
    each.map((one) => one.to),
    part.direction,
  );
  const sorted = [...new Set(each.flatMap(({ found }) => found))].toSorted();
  const inOrder = part.direction === "older" ? sorted.toReversed() : sorted;
  // Beyond that, not all of it is known.
  const known = inOrder.filter((one) => to === null || nearest([one, to], part.direction) === one);
  const found = known.slice(0, part.most);
  return { found, to: found.length === part.most ? (found.at(-1) ?? null) : to };
}

/** The tasks at these positions, newest first. */
async function tasksAt(
  database: Kysely<Schema>,
  positions: readonly ListPosition[],
): Promise<readonly Task[]> {
  if (positions.length === 0) return [];
  const ids = positions.map((position) => positionParts(position).id);
  const rows = await database.selectFrom("tasks").selectAll().where("id", "in", ids).execute();
  const byId = new Map(rows.map((row) => [row.id, taskOf(row)]));
  const newestFirst = positions.toSorted().toReversed();
  return newestFirst.flatMap((position) => byId.get(positionParts(position).id) ?? []);
}
