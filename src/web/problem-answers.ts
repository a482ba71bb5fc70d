import type { Context } from "hono";
import type { Html } from "./pages/document.ts";
import { brokenPage, notFoundPage, staleFormPage, tooLargePage } from "./pages/problems.ts";

/** A request that no route answers, or answers as it should: a page for browsers, JSON for others. */
type ProblemAnswer = (c: Context) => Response | Promise<Response>;

export const notFound = problem(404, "Nothing is here.", notFoundPage);
export const foreignForm = problem(403, "Only forms of the bot's own pages count.", staleFormPage);
export const lengthMissing = problem(411, "Set the header Content-Length.", tooLargePage);
export const tooLarge = problem(413, "The body is larger than 48 KB.", tooLargePage);
export const broken = problem(500, "The bot couldn't handle this request.", brokenPage);

function problem(
  status: 403 | 404 | 411 | 413 | 500,
  error: string,
  page: (path: string) => Html,
): ProblemAnswer {
  return (c) => {
    c.header("Vary", "Accept");
    const isBrowser = c.req.header("accept")?.includes("text/html") === true;
    return isBrowser ? c.html(page(c.req.path), status) : c.json({ error }, status);
  };
}
