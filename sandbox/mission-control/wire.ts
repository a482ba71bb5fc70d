import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Answer } from "./behavior.ts";

const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

/** One request as it came in. */
export interface RecordedRequest {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** The token after `Bearer `. */
  readonly authorization: string | undefined;
  /** The header `copilot-integration-id`. */
  readonly integrationId: string | undefined;
  /** The header `x-copilot-agent-slug`. */
  readonly agentSlug: string | undefined;
  /** Parsed JSON; the text itself when it is none; undefined when there was no body. */
  readonly body: unknown;
}

/** What is answered when no other answer was asked for. */
export interface UsualAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Reads a request to its end; throws a RangeError above 4 MiB. */
export async function readRequest(request: IncomingMessage): Promise<RecordedRequest> {
  const at = Date.now();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_LIMIT_BYTES) throw new RangeError("The body is larger than 4 MiB.");
    chunks.push(chunk);
  }
  const { authorization } = request.headers;
  return {
    at,
    method: request.method ?? "GET",
    path: request.url ?? "/",
    authorization: authorization?.replace(/^(?:bearer|token) /i, ""),
    integrationId: header(request, "copilot-integration-id"),
    agentSlug: header(request, "x-copilot-agent-slug"),
    body: parseBody(Buffer.concat(chunks).toString("utf8")),
  };
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function parseBody(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Gives the answer asked for, or else the usual one. `effect` is what the request does; it does not
 * happen when the answer is a status of its own or the connection is dropped before it.
 */
export async function giveAnswer(
  response: ServerResponse,
  answer: Answer | undefined,
  effect: () => UsualAnswer,
): Promise<void> {
  if (answer?.delayMs !== undefined) await delay(answer.delayMs, undefined, { ref: false });
  if (answer?.fault === "drop connection") {
    response.destroy();
    return;
  }
  if (answer?.status !== undefined) {
    sendBody(response, answer.status, answer.body, answer.headers);
    return;
  }
  const usual = effect();
  if (answer?.fault === "lose answer") response.destroy();
  else sendBody(response, usual.status, usual.body);
}

/** A string goes out as it is, undefined as an empty body, the rest as JSON. */
export function sendBody(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  // Without this header the runtime takes an answer for that of a proxy in between.
  response.setHeader("x-github-request-id", randomUUID());
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  const asText = typeof body === "string";
  const type = asText ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
  response
    .writeHead(status, { "content-type": type, ...headers })
    .end(asText ? body : JSON.stringify(body));
}

/** 404, in GitHub's words. */
export function sendNotFound(response: ServerResponse): void {
  sendBody(response, 404, { message: "Not Found" });
}

/** Listens on 127.0.0.1; gives the origin, as in `http://127.0.0.1:PORT`. */
export async function listen(server: Server, port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(port, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("There is no TCP port.");
  return `http://127.0.0.1:${address.port}`;
}

/** Ends all connections and stops listening. */
export async function stopListening(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}
