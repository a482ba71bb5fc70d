import type { IncomingMessage, ServerResponse } from "node:http";
import type { Faults } from "../faults.ts";
import { answerOf } from "../faults.ts";
import type { RecordedRequest } from "../front.ts";
import type { Answer } from "../shapes.ts";

interface GitFrontOptions {
  readonly faults: Faults;
  readonly record: (request: RecordedRequest) => void;
}

/** A request of Git's, or of Git LFS'. */
export interface GitRequest {
  readonly path: string;
  readonly query: string;
  /** Whose token it carries: a login, `anonymous`, or `unknown`. */
  readonly by: string;
  /** What GitHub does. */
  readonly perform: () => Promise<Answer>;
}

/** Serves one request. */
export async function serveGit(
  request: GitRequest,
  message: IncomingMessage,
  response: ServerResponse,
  options: GitFrontOptions,
): Promise<void> {
  const at = Date.now();
  const { method = "GET", headers } = message;
  const { path, by } = request;
  const answer = await answerTo(request, method, options);
  if (answer === "drop") response.destroy();
  else if (answer === "break off") breakOff(response);
  else if (answer !== "hang") send(answer, response);
  // Unread bytes of a refused push would stand in the way of the next request.
  if (headers["content-length"] !== "0") message.resume();
  const query = Object.fromEntries(new URLSearchParams(request.query));
  const status = typeof answer === "string" ? null : answer.status;
  options.record({ at, by, method, path, query, body: undefined, status });
}

async function answerTo(
  { path, perform }: GitRequest,
  method: string,
  { faults }: GitFrontOptions,
): Promise<Answer | "break off" | "drop" | "hang"> {
  const fault = faults.take(method, path);
  if (fault === "drop" || fault === "hang") return fault;
  if (typeof fault === "object" && fault.performed !== true) return answerOf(fault);
  // A mistake of the sandbox's shows up as GitHub's.
  const answer = await perform().catch(failed);
  if (fault === undefined) return answer;
  return typeof fault === "object" ? answerOf(fault) : "break off";
}

function failed(cause: unknown): Answer {
  return {
    status: 500,
    headers: {},
    body: Buffer.from(`The loopback GitHub failed: ${String(cause)}\n`),
  };
}

/** Git's client repeats a request by itself when a connection that was used before breaks without any answer. */
function breakOff(response: ServerResponse): void {
  response.writeHead(200);
  response.write("0", () => response.destroy());
}

function send({ status, headers, body }: Answer, response: ServerResponse): void {
  response.writeHead(status, { ...headers });
  response.end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
}
