import type { ServerResponse } from "node:http";
import { PROBLEM_PAGE_HEADERS, problemPage } from "./problem-page.ts";

/** What a route answers: a status, and a line of text or an object that becomes JSON. */
export interface Answer {
  readonly status: number;
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal with one sentence; never with an internal message. */
export function refusal(status: number, error: string): Answer {
  return { status, body: { error } };
}

/** Sends an answer. To a browser, a refusal is a page. */
export function send(response: ServerResponse, answer: Answer): void {
  const { status, body, headers = {} } = shownTo(response, answer);
  response.statusCode = status;
  const type = typeof body === "string" ? "text/plain" : "application/json";
  response.setHeader("content-type", `${type}; charset=utf-8`);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // With the length, and in one piece: Node knows both only if nothing was written before.
  response.end(`${typeof body === "string" ? body : JSON.stringify(body)}\n`);
}

function shownTo({ req }: ServerResponse, answer: Answer): Answer {
  const { status, body, headers } = answer;
  if (typeof body === "string" || !("error" in body)) return answer;
  const vary = { ...headers, vary: "accept" };
  if (req.headers.accept?.includes("text/html") !== true) return { ...answer, headers: vary };
  const page = problemPage(status, String(body.error));
  return { status, body: page, headers: { ...vary, ...PROBLEM_PAGE_HEADERS } };
}
