import type { GitHubTrouble, GitHubTroubleType } from "../core/github/trouble.ts";

/**
 * What an error of Octokit means, or null for an error of another kind.
 *
 * A request that got no answer at all arrives from Octokit with status 500. Rate limits come as 403 or
 * 429; see https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api.
 *
 * @param now for limits that say when they end
 */
export function troubleOf(error: unknown, now: Date): GitHubTrouble | null {
  if (!isRequestError(error)) return null;
  const { status, message } = error;
  const retryAfterSeconds = secondsUntilAllowed(error, now);
  if (status >= 500 || retryAfterSeconds !== null) {
    return { type: "unreachable", message, retryAfterSeconds: retryAfterSeconds ?? 0 };
  }
  return { type: typeOf(status, message), message };
}

const BY_STATUS: Readonly<Record<number, GitHubTroubleType>> = {
  301: "moved",
  302: "moved",
  307: "moved",
  308: "moved",
  401: "unauthorized",
  403: "forbidden",
  404: "gone",
  408: "unreachable",
  409: "conflict",
  410: "gone",
  425: "unreachable",
};

/** By GitHub's own words: a 403 and a 422 have no other sign. */
const BY_MESSAGE: readonly (readonly [status: number, says: RegExp, type: GitHubTroubleType])[] = [
  [403, /installation has been suspended/iu, "suspended"],
  [403, /not accessible by integration/iu, "not_permitted"],
  [403, /\bIP allow list\b/iu, "ip_not_allowed"],
  [403, /repository was archived/iu, "archived"],
  [403, /\blocked\b/iu, "locked"],
  [422, /\babuse\b|\bspam/iu, "spam"],
  [422, /submitted too quickly/iu, "spam"],
];

function typeOf(status: number, message: string): GitHubTroubleType {
  const found = BY_MESSAGE.find(([its, says]) => its === status && says.test(message));
  return found?.[2] ?? BY_STATUS[status] ?? "refused";
}

interface RequestError extends Error {
  readonly status: number;
  readonly request?: {
    readonly url: string;
    readonly headers?: Readonly<Record<string, unknown>>;
  };
  readonly response?: { readonly headers?: Readonly<Record<string, unknown>> };
}

/** Whether an error is Octokit's. */
export function isRequestError(error: unknown): error is RequestError {
  return error instanceof Error && error.name === "HttpError" && "status" in error;
}

/**
 * An answer, or null where GitHub says 404. Not where it says so to the request for a token: then the
 * installation is gone.
 */
export async function unlessMissing<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer;
  } catch (error) {
    if (!isRequestError(error) || error.status !== 404 || isOfToken(error)) throw error;
    return null;
  }
}

function isOfToken({ request }: RequestError): boolean {
  return request?.url.endsWith("/access_tokens") === true;
}

/** Whether GitHub refuses to show what was asked for. Not for a limit that passes, or because the App is suspended. */
export function isWithheld(error: unknown): boolean {
  if (!isRequestError(error) || isOfToken(error)) return false;
  if (error.status === 451) return true;
  const type = troubleOf(error, new Date())?.type;
  return error.status === 403 && type !== "unreachable" && type !== "suspended";
}

/** Whether GitHub refuses something with these words, where a status has no other sign. */
export function isRefusedWith(error: unknown, status: number, words: RegExp): boolean {
  return isRequestError(error) && error.status === status && words.test(error.message);
}

/** An error as Octokit's are, for what GitHub reports in another way. */
export function httpError(
  status: number,
  message: string,
  response?: RequestError["response"],
): Error {
  return Object.assign(new Error(message), { name: "HttpError", status, response });
}

/** Null when no limit was hit. Where a secondary limit names no time, GitHub asks for a minute. */
function secondsUntilAllowed(
  { status, message, response }: RequestError,
  now: Date,
): number | null {
  if (status !== 403 && status !== 429) return null;
  const headers = response?.headers ?? {};
  const after = Number(headers["retry-after"]);
  if (after > 0) return after;
  const reset = Number(headers["x-ratelimit-reset"]) * 1000;
  if (headers["x-ratelimit-remaining"] === "0" && reset > 0) {
    return Math.max(1, Math.ceil((reset - now.getTime()) / 1000));
  }
  return status === 429 || /rate limit|abuse detection/iu.test(message) ? 60 : null;
}
