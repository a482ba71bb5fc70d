import type { IncomingMessage, Server } from "node:http";
import { createServer } from "node:http";
import type { Answer } from "./answer.ts";
import { refusal, send } from "./answer.ts";
import type { Readiness } from "./health.ts";
import { readinessAnswer } from "./health.ts";

interface Options {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly webhook: (request: IncomingMessage) => Promise<Answer>;
  readonly readiness: () => Promise<Readiness>;
  readonly log: { error(fields: object, message: string): void };
  /** How long a request may take to arrive, in milliseconds. GitHub gives up after 10 seconds. */
  readonly requestTimeoutMs?: number;
}

/** A server that listens. */
export interface HttpServer {
  /** Where it listens, e.g. `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Takes no new connection, and resolves when the last answer is sent. */
  close(): Promise<void>;
}

/** What requests that have begun may take when the server is closed. */
const CLOSE_MS = 3_000;

const WEBHOOK_PATH = "/api/github/webhooks";

/** Starts the server; rejects when the address cannot be had. */
export async function serve(options: Options): Promise<HttpServer> {
  const { host, port, requestTimeoutMs = 10_000 } = options;
  const limits = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, requestTimeoutMs),
  };
  let closing = false;
  const server = createServer(limits, (request, response) => {
    void route(options, request)
      .catch((error: unknown) => failed(options, request, error))
      .then((answer) => {
        // A connection that is kept for later requests would keep the server from closing.
        if (closing) response.setHeader("connection", "close");
        return send(response, answer);
      });
  });
  await listen(server, host, port);
  return {
    url: urlOf(server),
    close() {
      closing = true;
      return close(server);
    },
  };
}

async function route(options: Options, request: IncomingMessage): Promise<Answer> {
  const path = request.url?.split("?")[0];
  switch (path) {
    case WEBHOOK_PATH:
      return request.method === "POST" ? options.webhook(request) : notAllowed("POST");
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
  return refusal(500, "The bot could not answer this request.");
}

function urlOf(server: Server): string {
  const at = server.address();
  if (at === null || typeof at === "string") throw new TypeError("the server listens on no port");
  const host = at.family === "IPv6" ? `[${at.address}]` : at.address;
  return `http://${host}:${at.port}`;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection on which nothing comes would keep the server open for ever.
    const end = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
    server.close(() => {
      clearTimeout(end);
      resolve();
    });
    server.closeIdleConnections();
  });
}
