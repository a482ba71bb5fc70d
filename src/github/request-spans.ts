import type { ProbotOctokit } from "probot";
import type { OpenSpan, Tracing } from "../ports/tracing.ts";
import { isRequestError } from "./trouble.ts";

type Plugin = Parameters<typeof ProbotOctokit.plugin>[0];

/**
 * A span for each request that is made for a task: from when it's wanted until its answer, so with the wait for
 * GitHub's pace, a new token, and what Octokit repeats by itself. Attributes are those of OpenTelemetry's conventions for
 * clients of HTTP.
 */
export function spansOfRequests(tracing: Pick<Tracing, "span">): Plugin {
  return (octokit) => {
    octokit.hook.wrap("request", (request, options) => {
      const { method, url, baseUrl } = options;
      const template = templateOf(url, baseUrl);
      const { hostname, port } = new URL(baseUrl);
      const attributes = {
        "http.request.method": method,
        "server.address": hostname,
        ...(port === "" ? {} : { "server.port": Number(port) }),
        ...(template === null ? {} : { "url.template": template }),
      };
      const name = template === null ? method : `${method} ${template}`;
      const work = async (span: OpenSpan) => {
        try {
          const response = await request(options);
          span.set({ "http.response.status_code": response.status });
          noteFailures(span, options, 0);
          return response;
        } catch (error) {
          noteRefusal(span, error);
          noteFailures(span, options, 1);
          throw error;
        }
      };
      return tracing.span(name, work, { kind: "client", attributes });
    });
  };
}

/** What is read page by page has its path filled in already; GitHub's addresses of further pages may name the id. */
const PAGES_OF_COMMENTS = /^\/(?:repos\/[^/]+\/[^/]+|repositories\/\d+)\/issues\/\d+\/comments$/u;
const COMMENTS = "/repos/{owner}/{repo}/issues/{issue_number}/comments";

/**
 * The path without what is filled in, e.g. `/repos/{owner}/{repo}/issues/{issue_number}/comments`. Null for one with
 * names in it.
 */
function templateOf(url: string, baseUrl: string): string | null {
  // On an Enterprise Server, GraphQL isn't below REST, so Octokit gives its whole address.
  if (url.endsWith("/graphql")) return "/graphql";
  if (/^(?:\/(?:[a-z_-]+|\{\w+\}))+$/u.test(url)) return url;
  const path = url.startsWith(baseUrl) ? url.slice(baseUrl.length).split("?")[0] : "";
  return PAGES_OF_COMMENTS.test(path ?? "") ? COMMENTS : null;
}

/** Octokit gives an error of the network a status too, but no response. */
function noteRefusal(span: OpenSpan, error: unknown): void {
  if (!isRequestError(error) || error.response === undefined) return;
  span.set({ "http.response.status_code": error.status });
  span.fail(String(error.status));
}

/** Octokit counts the failures of a request; so many of them weren't followed by a repetition. */
function noteFailures(span: OpenSpan, { request }: RequestOptions, last: number): void {
  const failures: unknown = request?.["retryCount"];
  const resends = typeof failures === "number" ? failures - last : 0;
  if (resends > 0) span.set({ "http.request.resend_count": resends });
}

interface RequestOptions {
  readonly request?: Readonly<Record<string, unknown>>;
}
