import { typedError } from "./errors.ts";
import type { Source } from "./source.ts";

/** The arguments of a connection, of the types that the schema has checked. */
export interface Pagination {
  readonly first?: number | null;
  readonly last?: number | null;
  /** Where the page before ended. */
  readonly after?: string | null;
}

/** GitHub's limit for a page. */
const LIMIT = 100;

/** The first or last page of a list. GitHub requires `first` or `last`, at most 100. */
export function connection<Node>(
  name: string,
  list: readonly Node[],
  { first, last, after }: Pagination,
  show: (node: Node) => Source,
): Source {
  const size = first ?? last;
  if (size === undefined || size === null) {
    const message = `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`;
    throw typedError("MISSING_PAGINATION_BOUNDARIES", message);
  }
  const side = typeof first === "number" ? "first" : "last";
  if (size > LIMIT) {
    const message = `Requesting ${size} records on the \`${name}\` connection exceeds the \`${side}\` limit of ${LIMIT} records.`;
    throw typedError("EXCESSIVE_PAGINATION", message);
  }
  const start = side === "first" ? Number(after ?? 0) : Math.max(0, list.length - size);
  const page = list.slice(start, start + size);
  const end = start + page.length;
  const endCursor = page.length === 0 ? null : String(end);
  const pageInfo = { hasNextPage: end < list.length, endCursor };
  return { totalCount: list.length, nodes: page.map(show), pageInfo };
}
