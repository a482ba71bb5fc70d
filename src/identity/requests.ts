import { Octokit } from "@octokit/rest";
import { z } from "zod";

/** Sends requests to GitHub: Octokit's own, as `@octokit/oauth-methods` takes it. */
export type SendRequest = Octokit["request"];

/** An answer of GitHub's, of whatever status. */
export interface ReceivedAnswer {
  readonly status: number;
  readonly data: unknown;
}

/** Why there's no answer: a sentence without anything that was sent. */
export interface NoAnswer {
  readonly reason: string;
}

/**
 * Requests without an identity of their own. A redirect isn't followed: what's sent here is secret. They go through the
 * process's proxy, as all do that use `fetch`.
 *
 * @param baseUrl of the REST API; that of the sign-in pages follows from it
 * @param timeLimitMs for each request, until its answer is read
 */
export function createSendRequest(baseUrl: string, timeLimitMs: number): SendRequest {
  const fetchOnce = (url: string, options: RequestInit) =>
    fetch(url, { ...options, redirect: "manual", signal: AbortSignal.timeout(timeLimitMs) });
  return new Octokit({ baseUrl, log: SILENT, request: { fetch: fetchOnce } }).request;
}

/** Octokit's errors and warnings name what was sent. */
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * What came back. The answer itself counts, not what a method makes of it: one that can't read a date throws, although
 * the tokens have changed hands.
 *
 * @param send gets what it sends its one request with
 */
export async function answerTo(
  request: SendRequest,
  send: (request: SendRequest) => Promise<unknown>,
): Promise<ReceivedAnswer | NoAnswer> {
  let received: ReceivedAnswer | null = null;
  const watched = request.defaults({
    request: {
      async hook(original: (options: object) => Promise<ReceivedAnswer>, options: object) {
        received = await original(options);
        return received;
      },
    },
  });
  try {
    await send(watched);
    return received ?? { reason: "GitHub wasn't asked" };
  } catch (error) {
    return received ?? refusalIn(error);
  }
}

const errorSchema = z.object({ response: z.object({ status: z.number(), data: z.unknown() }) });

/** Octokit throws what isn't 2xx or 3xx. Nothing of its error but the answer is used: the error has the request in it. */
function refusalIn(error: unknown): ReceivedAnswer | NoAnswer {
  const { data: refused } = errorSchema.safeParse(error);
  if (refused !== undefined) return refused.response;
  const code = codeIn(error);
  return { reason: `GitHub didn't respond${code === null ? "" : ` (${code})`}` };
}

/** As in `ECONNREFUSED`; Node's fetch has it in a cause of its own. */
function codeIn(error: unknown, depth = 0): string | null {
  if (!(error instanceof Error) || depth > 3) return null;
  if (error.name === "TimeoutError") return "timed out";
  const code = "code" in error ? error.code : null;
  if (typeof code === "string" && /^[A-Z][A-Z0-9_]{2,60}$/u.test(code)) return code;
  return codeIn(error.cause, depth + 1);
}
