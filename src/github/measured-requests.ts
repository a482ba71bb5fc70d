import type { ProbotOctokit } from "probot";
import type { GitHubRequestResult, RequestBudget } from "../core/metrics/measured.ts";
import type { Measure } from "../ports/metrics.ts";
import { isRequestError, troubleOf } from "./trouble.ts";

type OctokitPlugin = Parameters<typeof ProbotOctokit.plugin>[0];

type Headers = Readonly<Record<string, unknown>>;

/** Measures each request of a client as whoever makes it sees it: with its repetitions, and what comes of it in the end. */
export function measureRequests(measure: Measure): OctokitPlugin {
  return (octokit) => {
    // A client is for one installation, or for the App itself.
    const client = {};
    octokit.hook.wrap("request", async (request, options) => {
      const began = performance.now();
      const report = (result: GitHubRequestResult, headers: Headers) =>
        measure({
          type: "github_request",
          api: options.url.endsWith("/graphql") ? "graphql" : "rest",
          result,
          seconds: (performance.now() - began) / 1_000,
          // The App asks for the token of an installation, and has limits of its own.
          budget: options.url.endsWith("/access_tokens") ? null : budgetIn(headers),
          client,
        });
      try {
        const response = await request(options);
        report("ok", response.headers);
        return response;
      } catch (error) {
        report(resultOf(error), headersOf(error));
        throw error;
      }
    });
  };
}

function resultOf(error: unknown): GitHubRequestResult {
  const trouble = troubleOf(error, new Date());
  if (trouble === null) return "unknown";
  return (trouble.retryAfterSeconds ?? 0) > 0 ? "rate_limited" : trouble.type;
}

function headersOf(error: unknown): Headers {
  return isRequestError(error) ? (error.response?.headers ?? {}) : {};
}

/** An Enterprise Server may have no limit. */
function budgetIn(headers: Headers): RequestBudget | null {
  const [remaining, limit, reset] = ["remaining", "limit", "reset"].map((name) =>
    Number(headers[`x-ratelimit-${name}`] ?? Number.NaN),
  );
  if (!isCount(remaining) || !isCount(limit) || !isCount(reset)) return null;
  const resource = resourceIn(headers["x-ratelimit-resource"]);
  return { resource, remaining, limit, resetAt: reset * 1_000 };
}

function isCount(value: number | undefined): value is number {
  return Number.isSafeInteger(value);
}

function resourceIn(name: unknown): RequestBudget["resource"] {
  return name === "core" || name === "graphql" ? name : "other";
}
