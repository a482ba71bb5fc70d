import type { IncomingMessage, ServerResponse } from "node:http";
import { json as readJson, text as readText } from "node:stream/consumers";
import type { Actors } from "./actors.ts";
import type { Clock } from "./clock.ts";
import type { Faults } from "./faults.ts";
import { answerOf } from "./faults.ts";
import type { Performed } from "./github.ts";
import { decode } from "./routes/table.ts";
import type { Answer, Ask } from "./shapes.ts";
import { failure } from "./shapes.ts";
import { isForBrowsers, takesForms } from "./web/pages.ts";

/** A request of the bot's. */
export interface RecordedRequest {
  /** When it came, in milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  /** Whose token it carried: a login, `app` for the App's JSON web token, `anonymous` or `unknown`. */
  readonly by: string;
  /** Decoded, without `/api/v3` and the query; `/graphql` for the GraphQL API. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** null when it got no answer. */
  readonly status: number | null;
}

/** What the front needs. */
export interface FrontOptions {
  readonly host: string;
  readonly actors: Actors;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly perform: (ask: Ask) => Promise<Performed>;
  readonly record: (request: RecordedRequest) => void;
}

/** Serves one request of the bot's. */
export async function serve(
  message: IncomingMessage,
  response: ServerResponse,
  options: FrontOptions,
): Promise<void> {
  const at = Date.now();
  const ask = await read(message);
  const answer = "status" in ask ? ask : await answerTo(ask, options);
  if (answer === "drop") response.destroy();
  else if (answer !== "hang") send(answer, response, options);
  if ("status" in ask || isForBrowsers(ask.path)) return;
  const { method, query, body } = ask;
  const status = typeof answer === "string" ? null : answer.status;
  const asked = Object.fromEntries(new URLSearchParams(query));
  const actor = options.actors.of(ask.authorization);
  const by = typeof actor === "string" ? actor : actor.login;
  options.record({ at, by, method, path: decode(ask.path), query: asked, body, status });
}

async function answerTo(ask: Ask, options: FrontOptions): Promise<Answer | "drop" | "hang"> {
  const fault = options.faults.take(ask.method, decode(ask.path), ask.body);
  if (fault === "drop" || fault === "hang") return fault;
  if (typeof fault === "object" && fault.performed !== true) return answerOf(fault);
  const answer = await performed(ask, options);
  if (fault === undefined) return answer;
  return typeof fault === "object" ? answerOf(fault) : "drop";
}

async function performed(ask: Ask, options: FrontOptions): Promise<Answer> {
  try {
    return (await options.perform(ask)).answer;
  } catch (cause) {
    // A mistake of the sandbox's, or it is closing: the bot's log shall show it.
    return failure(500, `The loopback GitHub failed: ${String(cause)}`);
  }
}

async function read(message: IncomingMessage): Promise<Ask | Answer> {
  const { pathname, search } = new URL(message.url ?? "/", "http://localhost");
  // GitHub Enterprise Server has its GraphQL API beside the REST API's `/api/v3`, github.com without `/api`.
  // The pages for people aren't part of either.
  const path = pathname.replace(/^\/api\/(?:v3(?=\/(?!login)|$)|(?=graphql$))/, (prefix) =>
    prefix === "/api/" ? "/" : "",
  );
  const { authorization, accept, cookie, "content-type": type = "" } = message.headers;
  const sent = { authorization, accept, cookie, etag: message.headers["if-none-match"] };
  const ask = { method: message.method ?? "GET", path, query: search, ...sent };
  const { "content-length": length, "transfer-encoding": chunked } = message.headers;
  if (Number(length ?? 0) === 0 && chunked === undefined) return ask;
  try {
    // The API takes whatever comes as JSON: curl says that it's a form.
    if (takesForms(path) && type.startsWith("application/x-www-form-urlencoded")) {
      return { ...ask, body: Object.fromEntries(new URLSearchParams(await readText(message))) };
    }
    return { ...ask, body: await readJson(message) };
  } catch {
    return failure(400, "Problems parsing JSON");
  }
}

function send(
  { status, headers, body }: Answer,
  response: ServerResponse,
  { clock, host }: FrontOptions,
): void {
  response.statusCode = status;
  response.setHeader("date", new Date(clock.now()).toUTCString());
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const { link } = headers;
  if (link !== undefined)
    response.setHeader("link", link.replaceAll("</", `<http://${host}/api/v3/`));
  if (status === 204 || body === undefined) response.end();
  else response.end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
}
