import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "./answer.ts";
import { refusal, send } from "./answer.ts";
import type { ConnectionLimit } from "./connections.ts";
import { limitConnections } from "./connections.ts";
import type { Readiness } from "./health.ts";
import { readinessAnswer } from "./health.ts";
import type { HttpServer } from "./listening.ts";
import { closeServer, listen } from "./listening.ts";
import type { Room } from "./room.ts";
import { createRoom } from "./room.ts";
import { asksForEvents } from "../core/page/event-stream.ts";
import type { Log } from "../ports/log.ts";
import type { ServerReading } from "../ports/metrics.ts";

interface Options {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly webhook: (request: IncomingMessage) => Promise<Answer>;
  readonly readiness: () => Promise<Readiness>;
  /** Answers the start page, and every path that isn't the server's own, if there are pages. */
  readonly pages?: PagesListener | undefined;
  /** The most event streams of pages at once. They don't count as connections. */
  readonly maxEventStreams?: number;
  readonly log: Pick<Log, "error">;
  /** How long a request may take to arrive, in milliseconds. GitHub gives up after 10 seconds. */
  readonly requestTimeoutMs?: number;
  /**
   * How long a connection without a request stays open, in milliseconds. Longer than the load balancer's own
   * limit: else it sends a webhook on a connection that the bot is just closing.
   */
  readonly keepAliveMs: number;
  /** The most connections that are open at once. */
  readonly maxConnections: number;
  /** How long requests that have begun may take when the server is closed, in milliseconds. */
  readonly closeMs?: number;
}

/** Answers a request by itself. It resolves when the response is written. */
export type PagesListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Not imported: an import looks at every name that node:http exports, which loads what fetch is made of. That takes a
 * tenth of the time until the bot listens.
 */
const { createServer } = process.getBuiltinModule("node:http");

const WEBHOOK_PATH = "/api/github/webhooks";

/** The server of webhooks and pages. */
export interface PublicServer extends HttpServer {
  /** What it has open. */
  reading(): ServerReading;
}

/** Starts the server; rejects when the address cannot be had. */
export async function serve(options: Options): Promise<PublicServer> {
  const { host, port, requestTimeoutMs = 10_000, closeMs = 3_000 } = options;
  const { maxConnections } = options;
  const maxStreams = options.pages === undefined ? 0 : (options.maxEventStreams ?? MAX_STREAMS);
  const limits = {
    requestTimeout: requestTimeoutMs,
    // Counted from a request's first byte: a connection that is kept open for the next one is not concerned.
    headersTimeout: requestTimeoutMs,
    keepAliveTimeout: options.keepAliveMs,
    connectionsCheckingInterval: Math.min(1_000, requestTimeoutMs),
  };
  let closing = false;
  const server = createServer(limits, (request, response) => {
    connections.begin(request, response);
    void answerTo(parts, request, response)
      .catch((error: unknown) => failed(options, request, error))
      .then((answer) => {
        connections.end(request);
        // It had to make room for others, or the pages have written it.
        if (response.headersSent || answer === "written") return undefined;
        // A connection that is kept for later requests would keep the server from closing.
        if (closing) response.setHeader("connection", "close");
        return send(response, answer);
      });
  });
  const connections = limitConnections(server, maxConnections, refuse, maxStreams);
  const pages = createRoom(pageShareOf(maxConnections), refuse);
  const streams = createRoom(maxStreams, refuse);
  const parts: Parts = { options, connections, pages, streams };
  const url = await listen(server, { host, port });
  return {
    url,
    reading: () => ({
      connections: connections.size(),
      pages: pages.size(),
      streams: streams.size(),
    }),
    close() {
      closing = true;
      // They'd go on for as long as somebody looks at them, and browsers open them again.
      streams.clear();
      return closeServer(server, closeMs);
    },
  };
}

function refuse(response: ServerResponse): void {
  if (!response.headersSent) send(response, NO_ROOM);
}

const NO_ROOM = {
  ...refusal(503, "Too many connections are open at once. Try again later."),
  headers: { connection: "close", "retry-after": "10" },
};

/** Of so many connections, those on which pages are answered at once: the others are for webhooks. */
export function pageShareOf(maxConnections: number): number {
  return Math.max(1, Math.min(MAX_PAGES, Math.floor(maxConnections / 2)));
}

const [MAX_PAGES, MAX_STREAMS] = [100, 1_000];

interface Parts {
  readonly options: Options;
  readonly connections: ConnectionLimit;
  readonly pages: Room;
  readonly streams: Room;
}

const GREETING = `copilot-task-bot is running. Webhooks go to POST ${WEBHOOK_PATH}.`;

/** The answer, unless it's a page, which writes itself. */
async function answerTo(
  { options, connections, ...rooms }: Parts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answer | "written"> {
  const { pages } = options;
  const path = request.url?.split("?")[0] ?? "";
  if (pages === undefined || OWN_PATHS.has(path)) return route(options, request, path);
  // It had to make room for others.
  if (response.headersSent) return "written";
  const isStream = asksForEvents(request.method, request.headers.accept);
  const room = isStream ? rooms.streams : rooms.pages;
  if (!room.enter(request, response)) return "written";
  if (isStream) connections.setApart(request);
  // Nobody knows when a page is written whether the server is closing by then. People open few of them.
  response.setHeader("connection", "close");
  await pages(request, response);
  return "written";
}

/** Where there are pages, the rest is theirs, with the start page. */
const OWN_PATHS: ReadonlySet<string> = new Set([WEBHOOK_PATH, "/healthz", "/readyz"]);

async function route(options: Options, request: IncomingMessage, path: string): Promise<Answer> {
  switch (path) {
    case WEBHOOK_PATH:
      return request.method === "POST" ? options.webhook(request) : notAllowed("POST");
    case "/":
      return isRead(request) ? { status: 200, body: GREETING } : notAllowed("GET");
    case "/healthz":
      return isRead(request) ? { status: 200, body: { alive: true } } : notAllowed("GET");
    case "/readyz":
      return isRead(request) ? readinessAnswer(await options.readiness()) : notAllowed("GET");
    default:
      return refusal(404, `Nothing is here. Webhooks go to POST ${WEBHOOK_PATH}.`);
  }
}

function isRead({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}

function notAllowed(allow: string): Answer {
  return { ...refusal(405, `Use ${allow} here.`), headers: { allow } };
}

/** A body that breaks off ends here too; whoever sent it does not read the answer. */
function failed({ log }: Options, request: IncomingMessage, error: unknown): Answer {
  if (request.complete) log.error({ err: error }, "request failed");
  return refusal(500, "The bot couldn't handle this request.");
}
