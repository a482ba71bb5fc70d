import type { ServerResponse } from "node:http";

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

/** Sends an answer. */
export function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  response.statusCode = status;
  const type = typeof body === "string" ? "text/plain" : "application/json";
  response.setHeader("content-type", `${type}; charset=utf-8`);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // With the length, and in one piece: Node knows both only if nothing was written before.
  response.end(`${typeof body === "string" ? body : JSON.stringify(body)}\n`);
}
