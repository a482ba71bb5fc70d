/** What GitHub answered when it did not do what was asked. */
export interface GitHubTrouble {
  /**
   * `gone`: what was asked for is not there, or not for this App. `suspended`: an administrator has
   * suspended the installation. `not_permitted`: the App is not installed on the repository, which
   * everybody may read, or lacks a permission. `refused`: asking again changes nothing, for another reason.
   * `unreachable`: it may go through later.
   */
  readonly type: "gone" | "suspended" | "not_permitted" | "refused" | "unreachable";
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

/**
 * What an error of Octokit means, or null for an error of another kind.
 *
 * A request that got no answer at all arrives from Octokit with status 500. Rate limits come as 403 or
 * 429; see https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api.
 *
 * @param now for limits that tell when they end
 */
export function troubleOf(error: unknown, now: Date): GitHubTrouble | null {
  if (!isRequestError(error)) return null;
  const { status, message } = error;
  if (status === 404 || status === 410) return { type: "gone", message };
  const retryAfterSeconds = secondsUntilAllowed(error, now);
  if (status >= 500 || retryAfterSeconds !== null) {
    return { type: "unreachable", message, retryAfterSeconds: retryAfterSeconds ?? 0 };
  }
  return { type: status === 403 ? refusalIn(message) : "refused", message };
}

/** By GitHub's own words: it has no other sign. */
function refusalIn(message: string): "suspended" | "not_permitted" | "refused" {
  if (/installation has been suspended/iu.test(message)) return "suspended";
  return /not accessible by integration/iu.test(message) ? "not_permitted" : "refused";
}

interface RequestError extends Error {
  readonly status: number;
  readonly request?: { readonly url: string };
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
    if (!isRequestError(error) || error.status !== 404) throw error;
    if (error.request?.url.endsWith("/access_tokens") === true) throw error;
    return null;
  }
}

/** An error as Octokit's are, for what GitHub tells in another way. */
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
  return status === 429 || /rate limit/iu.test(message) ? 60 : null;
}
