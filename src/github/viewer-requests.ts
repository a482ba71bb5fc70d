import { Octokit } from "@octokit/rest";
import PQueue from "p-queue";
import { ViewingTrouble } from "../ports/viewing.ts";
import { fetchWhereverItIs } from "./redirects.ts";
import { isRequestError, troubleOf } from "./trouble.ts";

/** With what viewers' requests are sent. */
export interface ViewerRequestOptions {
  /** Of the REST API. */
  readonly baseUrl: string;
  /** For each request, in milliseconds. */
  readonly timeLimitMs?: number;
}

/** A question to GitHub, with a viewer's token. */
export interface ViewerQuestion {
  readonly token: string;
  /** As GitHub documents it, e.g. `GET /user/installations`. */
  readonly route: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  /** Of an earlier answer; null without one. */
  readonly etag?: string | null;
}

/** What GitHub answered. `missing`: it isn't there for this person and this App. */
export type ViewerAnswer =
  | { readonly type: "found"; readonly data: unknown; readonly etag: string | null }
  | { readonly type: "unchanged" }
  | { readonly type: "missing" };

/** Somebody waits in front of a browser. */
const TIME_LIMIT_MS = 10_000;
/** Requests at once, of all viewers together. */
const MAX_REQUESTS = 60;

/** Asks GitHub as people; rejects with a `ViewingTrouble`. */
export function createViewerRequests({
  baseUrl,
  timeLimitMs = TIME_LIMIT_MS,
}: ViewerRequestOptions): (question: ViewerQuestion) => Promise<ViewerAnswer> {
  const fetchInTime = (url: string, options: RequestInit) =>
    fetchWhereverItIs(url, { ...options, signal: AbortSignal.timeout(timeLimitMs) });
  const octokit = new Octokit({ baseUrl, log: SILENT, request: { fetch: fetchInTime } });
  const queue = new PQueue({ concurrency: MAX_REQUESTS });

  return async ({ token, route, parameters, etag = null }) => {
    const condition = etag === null ? {} : { "if-none-match": etag };
    const headers = { authorization: `Bearer ${token}`, ...condition };
    try {
      const response = await queue.add(() => octokit.request(route, { ...parameters, headers }));
      return { type: "found", data: response.data, etag: response.headers.etag ?? null };
    } catch (error) {
      return withoutAnswer(error);
    }
  };
}

/** Octokit's errors and warnings name what was sent. */
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

function withoutAnswer(error: unknown): ViewerAnswer {
  if (!isRequestError(error)) throw error;
  const { status } = error;
  if (status === 304) return { type: "unchanged" };
  if (status === 401) throw new ViewingTrouble("token_refused", "GitHub refused the token");
  const isUnreachable = troubleOf(error, new Date())?.type === "unreachable";
  // A 403 is a rule of the account's, such as its single sign-on: for this person there's nothing to see.
  if (!isUnreachable && status >= 400) return { type: "missing" };
  throw new ViewingTrouble("unreachable", `GitHub didn't answer a viewer's request (${status})`);
}
