import type { IncomingMessage, ServerResponse } from "node:http";
import type { Faults } from "../faults.ts";
import { answerOf } from "../faults.ts";
import type { RecordedRequest } from "../front.ts";
import type { Answer } from "../shapes.ts";
import type { GitAsk, GitServer } from "./server.ts";

interface GitFrontOptions {
  readonly git: GitServer;
  readonly faults: Faults;
  readonly record: (request: RecordedRequest) => void;
}

/** Serves one request of Git's. */
export async function serveGit(
  ask: GitAsk,
  message: IncomingMessage,
  response: ServerResponse,
  options: GitFrontOptions,
): Promise<void> {
  const at = Date.now();
  const { method = "GET", headers } = message;
  const path = `/${ask.owner}/${ask.repo}.git${ask.path}`;
  const by = options.git.asker(message);
  const answer = await answerTo(ask, message, { ...options, path });
  if (answer === "drop") response.destroy();
  else if (answer === "break off") breakOff(response);
  else if (answer !== "hang") send(answer, response);
  // Unread bytes of a refused push would stand in the way of the next request.
  if (headers["content-length"] !== "0") message.resume();
  const query = Object.fromEntries(new URLSearchParams(ask.query));
  const status = typeof answer === "string" ? null : answer.status;
  options.record({ at, by, method, path, query, body: undefined, status });
}

async function answerTo(
  ask: GitAsk,
  message: IncomingMessage,
  { git, faults, path }: GitFrontOptions & { readonly path: string },
): Promise<Answer | "break off" | "drop" | "hang"> {
  const fault = faults.take(message.method ?? "GET", path);
  if (fault === "drop" || fault === "hang") return fault;
  if (typeof fault === "object" && fault.performed !== true) return answerOf(fault);
  // A mistake of the sandbox's shows up as GitHub's.
  const answer = await git.answer(ask, message).catch(failed);
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
