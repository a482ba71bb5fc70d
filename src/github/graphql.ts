import type { InstallationOctokit } from "./app.ts";
import { httpError } from "./trouble.ts";

/** A GraphQL query with its variables. */
export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, string | number | boolean>>;
  /** The part of the answer that may be missing because there is no such thing for the App; null for none. */
  readonly mayMiss: string | null;
  /** How often it's asked again where GitHub fails, after 1, 4 and 9 seconds. */
  readonly retries: number;
}

/**
 * Asks GitHub in GraphQL. Rejects with an error like Octokit's REST errors when any part of the answer is
 * an error: partial data looks like complete data.
 */
export async function ask(octokit: InstallationOctokit, request: GraphqlRequest): Promise<unknown> {
  for (let time = 1; ; time += 1) {
    try {
      return await askOnce(octokit, request);
    } catch (error) {
      if (time > request.retries || !isFailure(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, time ** 2 * 1_000));
    }
  }
}

async function askOnce(octokit: InstallationOctokit, request: GraphqlRequest): Promise<unknown> {
  const { query, variables, mayMiss } = request;
  try {
    // Octokit would repeat it three times, and with a number given here refusals too.
    return await octokit.graphql(query, { ...variables, request: { retries: 0 } });
  } catch (error) {
    if (!isGraphqlError(error)) throw error;
    const { data, errors, headers } = error;
    const serious = errors.find(({ path, type }) => path?.[0] !== mayMiss || type !== "NOT_FOUND");
    if (serious === undefined) return data;
    const { type = "", message, path } = serious;
    // Its type was RATE_LIMITED, and is RATE_LIMIT since about 2026; a secondary limit has none.
    if (/rate limit/iu.test(message)) throw httpError(429, message, { headers });
    throw Object.assign(httpError(STATUS[type] ?? 502, message), { path: path ?? null });
  }
}

/** GraphQL answers 200 whatever happened; these are the types of its errors. */
const STATUS: Readonly<Record<string, number>> = { NOT_FOUND: 404, FORBIDDEN: 403 };

interface GraphqlError extends Error {
  readonly data: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly errors: readonly {
    readonly type?: string;
    readonly path?: readonly (string | number)[];
    readonly message: string;
  }[];
}

function isGraphqlError(error: unknown): error is GraphqlError {
  return error instanceof Error && error.name === "GraphqlResponseError";
}

/** Whether GitHub failed to answer, which may pass. An error in an answer would come again. */
function isFailure(error: unknown): boolean {
  return statusOf(error) >= 500 && !(error instanceof Error && "path" in error);
}

/** Of an error of Octokit; 0 for any other. */
function statusOf(error: unknown): number {
  return error instanceof Error && "status" in error ? Number(error.status) : 0;
}

/**
 * Whether a request may have failed for its size: GitHub gives up on a query after 10 seconds with 502 or
 * 504 (https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#timeouts),
 * or answers 200 with an error such as RESOURCE_LIMITS_EXCEEDED, alone or beside partial data. An error
 * about another part of the answer than `part` has nothing to do with the size of that part.
 */
export function mayBeTooLarge(error: unknown, part: readonly string[]): boolean {
  if (!(error instanceof Error) || statusOf(error) < 500) return false;
  const path = "path" in error && Array.isArray(error.path) ? error.path : [];
  return part.every((name, index) => path[index] === undefined || path[index] === name);
}
