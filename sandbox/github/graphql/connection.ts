import type { Source } from "./source.ts";
import { typedError } from "./errors.ts";

/** The arguments of a connection, of the types that the schema has checked. */
export interface Pagination {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

/** GitHub's limit for a page. */
const limit = 100;

/** A list of GitHub's, told page by page; GitHub wants to be told how many, up to a hundred. */
export function connection(name: string, nodes: readonly Source[], asked: Pagination): Source {
  const size = sizeOf(name, asked);
  const start = asked.after ? positionOf(asked.after) + 1 : 0;
  const end = asked.before ? positionOf(asked.before) : nodes.length;
  const from =
    asked.first === undefined || asked.first === null ? Math.max(start, end - size) : start;
  const page = nodes.slice(from, Math.min(end, from + size));
  return {
    totalCount: nodes.length,
    nodes: page,
    edges: page.map((node, index) => ({ node, cursor: cursorOf(from + index) })),
    pageInfo: {
      hasPreviousPage: from > 0,
      hasNextPage: from + page.length < nodes.length,
      startCursor: page.length > 0 ? cursorOf(from) : null,
      endCursor: page.length > 0 ? cursorOf(from + page.length - 1) : null,
    },
  };
}

function sizeOf(name: string, { first, last }: Pagination): number {
  const size = first ?? last;
  if (size === undefined || size === null) {
    const message = `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`;
    throw typedError("MISSING_PAGINATION_BOUNDARIES", message);
  }
  if (size <= limit) return size;
  const side = typeof first === "number" ? "first" : "last";
  const message = `Requesting ${size} records on the \`${name}\` connection exceeds the \`${side}\` limit of ${limit} records.`;
  throw typedError("EXCESSIVE_PAGINATION", message);
}

function cursorOf(position: number): string {
  return Buffer.from(`cursor:${position}`).toString("base64");
}

function positionOf(cursor: string): number {
  return Number(Buffer.from(cursor, "base64").toString().replace("cursor:", ""));
}
